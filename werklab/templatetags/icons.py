"""The drawings of Werklab: one path per icon on a 24-pixel grid, all drawn by ourselves.

They are lines of one weight (see `.i` in base.css); the names in FILLED are filled shapes.
"""

from functools import lru_cache

from django.utils.html import format_html

FILLED = {"dot", "thumb-filled"}

THUMB = (
    "M7.5 11 11.3 3.6c1.7 0 2.8 1.3 2.4 3L12.9 10h5.2a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5z"
    "M7.5 11H4v9h3.5"
)

ICONS = {
    "alert": "M12 4 2.8 20h18.4zM12 10v4.6M12 17.2v.1",
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "calendar": "M4 5.5h16V21H4zM4 10.5h16M8.5 3v4.5M15.5 3v4.5M8 14.5h2M14 14.5h2M8 17.5h2",
    "check": "M5 12.8 9.6 17.4 19 7.6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.2V12l3.4 2.2",
    "cloud-check": (
        "M7 18.5a4.4 4.4 0 0 1-.5-8.8 6 6 0 0 1 11.5 1 4 4 0 0 1-.6 7.8zM9 13.4l2.1 2.1 3.9-4"
    ),
    "copy": "M8.5 8.5H20V20H8.5zM15.5 8.5V4H4v11.5h4.5",
    "dot": "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "file": "M14 3H5.5v18h13V7.5zM14 3v4.5h4.5M9 12.5h6M9 16h4",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.3M12 7.7v.1",
    "link": (
        "M10 13.8a4 4 0 0 0 5.7.2l3-3a4 4 0 0 0-5.7-5.7l-1.4 1.4"
        "M14 10.2a4 4 0 0 0-5.7-.2l-3 3a4 4 0 0 0 5.7 5.7l1.4-1.4"
    ),
    "mail": "M3 5.5h18v13H3zM3.5 6.5 12 13l8.5-6.5",
    "minus": "M6 12h12",
    "move": (
        "M12 4v16M4 12h16M9.5 6.5 12 4l2.5 2.5M9.5 17.5 12 20l2.5-2.5"
        "M6.5 9.5 4 12l2.5 2.5M17.5 9.5 20 12l-2.5 2.5"
    ),
    "pencil": "M4 20l.9-4.6L16.2 4.1l3.7 3.7L8.6 19.1zM13.6 6.7l3.7 3.7",
    "people": (
        "M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.8 20c.3-3.9 2.5-6 6.2-6s5.9 2.1 6.2 6z"
        "M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.2 14.3c2.4.7 3.8 2.6 4 5.7h-2.6"
    ),
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.4-4 3-6 7.5-6s7.1 2 7.5 6z",
    "phone": (
        "M5 4h4l1.7 4.3-2.3 1.6a11.5 11.5 0 0 0 5.7 5.7l1.6-2.3L20 15v4"
        "c-.2.8-.8 1.2-1.6 1.2C10.6 19.8 4.2 13.4 3.8 5.6 3.8 4.8 4.2 4.2 5 4z"
    ),
    "pin": (
        "M12 21.5S5 15.6 5 10a7 7 0 0 1 14 0c0 5.6-7 11.5-7 11.5z"
        "M12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5"
    ),
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8V3.5h10V8M7 17H3.5V8h17v9H17M7 13.5h10v7H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20.5 20.5",
    "shield": (
        "M12 3l7.5 2.6v5.6c0 4.6-2.9 8-7.5 9.8-4.6-1.8-7.5-5.2-7.5-9.8V5.6zM8.8 12l2.3 2.3 4.2-4.4"
    ),
    "table": "M3 9.5h18v5H3zM5 4h3v2H5zM10.5 4h3v2h-3zM16 4h3v2h-3zM5 18h3v2H5zM10.5 18h3v2h-3z",
    "thumb": THUMB,
    "thumb-filled": THUMB,
    "trash": "M4.5 7h15M9.5 7V4h5v3M6.5 7l.8 13.5h9.4L17.5 7M10.3 11v5.5M13.7 11v5.5",
    "x": "M6 6l12 12M18 6 6 18",
}


@lru_cache(maxsize=256)
def draw(name, css):
    """One icon as inline SVG, with an extra class if need be."""
    return format_html(
        '<svg class="i{}{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"{}/></svg>',
        " " if css else "",
        css,
        ICONS[name],
        format_html(' fill="{}"', "currentColor") if name in FILLED else "",
    )
