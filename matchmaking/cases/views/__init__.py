from .cases import case_detail, case_list
from .follow_ups import follow_up

__all__ = ["case_detail", "case_list", "follow_up"]
