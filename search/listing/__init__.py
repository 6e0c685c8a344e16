"""Lists that people search: facets, chips, sorts, pages, and what to do when nothing is found."""

from .base import DEFAULT_SORTS, EXAMPLES, ListSearch
from .facets import Facet, Interval, RangeFacet, Sort
from .results import Chip, FacetOption, FacetView, Loosening, ResultPage, ResultRow, SortView

__all__ = [
    "DEFAULT_SORTS",
    "EXAMPLES",
    "Chip",
    "Facet",
    "FacetOption",
    "FacetView",
    "Interval",
    "ListSearch",
    "Loosening",
    "RangeFacet",
    "ResultPage",
    "ResultRow",
    "Sort",
    "SortView",
]
