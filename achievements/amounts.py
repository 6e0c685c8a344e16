from django.utils.translation import get_language

CHINESE_UNITS = ((100_000_000, "亿元"), (10_000, "万元"))


def write_yuan(amount) -> str:
    """Write an amount of yuan as people say it: in 万元 and 亿元, in English with its thousands."""
    if amount in {None, ""}:
        return ""
    if not (get_language() or "").startswith("zh"):
        return f"CNY {amount:,.0f}"
    for size, unit in CHINESE_UNITS:
        if amount >= size:
            return f"{round(float(amount) / size, 2):,.10g} {unit}"
    return f"{amount:,.0f} 元"
