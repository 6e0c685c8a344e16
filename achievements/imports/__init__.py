"""Listings from tables: read, check row by row, and only then write all or nothing (批量导入)."""

from .importers import Importer, Report, Row, find_importer, register_importer
from .tables import Table, UnableToRead, read_table

__all__ = [
    "Importer",
    "Report",
    "Row",
    "Table",
    "UnableToRead",
    "find_importer",
    "read_table",
    "register_importer",
]
