"""Fill the demo city from ``portal/demo/content``: the same content gives the same city."""

from .city import seed_city

__all__ = ["seed_city"]
