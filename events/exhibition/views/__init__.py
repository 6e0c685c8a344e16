from .desk import application, applications, decide, settings
from .halls import hall, halls
from .leads import export, lead, leads
from .own import act, add_exhibit, apply, exhibit, materials, mine, own_list
from .public import awards, card, cards, exhibitor, picture, visit

__all__ = [
    "act",
    "add_exhibit",
    "application",
    "applications",
    "apply",
    "awards",
    "card",
    "cards",
    "decide",
    "exhibit",
    "exhibitor",
    "export",
    "hall",
    "halls",
    "lead",
    "leads",
    "materials",
    "mine",
    "own_list",
    "picture",
    "settings",
    "visit",
]
