"""Small signs of the interface, drawn with strokes on a 24 grid; industries are in ``glyphs``."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = {
    "alert": "M12 4 2.5 20h19L12 4M12 10v5M12 17.6v.4",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "back": "M19 12H5M11 6l-6 6 6 6",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15L6 17M10 21h4",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3v5M15.5 3v5",
    "check": "M4.5 12.5 10 18 19.5 7",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3.5 2",
    "close": "M5.5 5.5l13 13M18.5 5.5l-13 13",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "edit": "M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20",
    "external": "M10 5H5v14h14v-5M13.5 4.5H19.5V10.5M19 5l-8.5 8.5",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3.5 6h17v12.5h-17zM4 7l8 6 8-6",
    "menu": "M4 6.5h16M4 12h16M4 17.5h16",
    "minus": "M6 12h12",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c0-4 3.4-6 7.5-6s7.5 2 7.5 6",
    "place": "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11"
    "M12 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.4 15.4 20.5 20.5",
    "shield": "M12 3.5 19 6v5.5c0 4.4-3 7.4-7 9-4-1.6-7-4.6-7-9V6l7-2.5",
    "shield-check": "M12 3.5 19 6v5.5c0 4.4-3 7.4-7 9-4-1.6-7-4.6-7-9V6l7-2.5"
    "M8.5 11.8l2.6 2.6 4.6-5",
    "star": "M12 3.8l2.5 5.3 5.8.8-4.2 4 1 5.7L12 16.9l-5.1 2.7 1-5.7-4.2-4 5.8-.8L12 3.8",
}


def icon_svg(name: str, *, css_class: str = "") -> SafeString:
    """Draw the sign ``name`` for the eye only: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="20" height="20" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        css_class,
        mark_safe(ICONS[name]),  # noqa: S308  constants of this module
    )
