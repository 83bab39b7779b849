"""The look of every figure, as in a paper: the title says the finding, one blue, one amber, grey for context, no grid, direct labels.

Blue and amber differ in hue for every kind of colour blindness, and series differ in their marks as well, so that a grey print reads.
"""

import altair as alt

BLUE = "#0b57c0"
AMBER = "#b26a00"
GREY = "#9aa0a6"
INK = "#1b1b1b"
QUIET = "#5f6368"
PAPER = "#ffffff"
GUIDE = "#e6e8ea"

DARK = {BLUE: "#7db4ff", AMBER: "#f0c067", GREY: "#7c8088", INK: "#ececea", QUIET: "#a3a7ae", PAPER: "#242629", GUIDE: "#3a3d42"}
"""Each colour on a dark page: a page's styles put them on, so that a figure's files stay as a paper prints them."""

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
SIZE = 12
WIDTH = 470
HEIGHT = 290
TITLE_WIDTH = 68
"""Letters of a title's line."""


def in_our_look(chart: alt.LayerChart, title: list[str], subtitle: list[str]) -> alt.LayerChart:
    """Put title, fonts and axes on."""
    titled: alt.LayerChart = chart.properties(title=_title(title, subtitle))
    configured: alt.LayerChart = titled.configure(
        font=FONT,
        background=PAPER,
        padding=6,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            grid=False,
            domainColor=GREY,
            tickColor=GREY,
            tickSize=4,
            labelColor=QUIET,
            labelFontSize=SIZE,
            labelLimit=440,
            labelFlush=False,
            titleColor=INK,
            titleFontSize=SIZE,
            titleFontWeight="normal",
            titlePadding=8,
        ),
    )
    return configured


def page_styles(room: str) -> str:
    """CSS for the figures in `room` (a selector) that follows the page's colour scheme.

    >>> page_styles("figure").splitlines()[0]
    'figure [fill="#0b57c0"] { fill: light-dark(#0b57c0, #7db4ff); }'
    """
    colours = [(what, light, dark) for light, dark in DARK.items() for what in ("fill", "stroke")]
    return "\n".join(f'{room} [{what}="{light}"] {{ {what}: light-dark({light}, {dark}); }}' for what, light, dark in colours)


def _title(title: list[str], subtitle: list[str]) -> alt.TitleParams:
    return alt.TitleParams(
        text=title,
        subtitle=subtitle,
        anchor="start",
        frame="bounds",
        fontSize=15,
        fontWeight="bold",
        color=INK,
        subtitleFontSize=SIZE,
        subtitleColor=QUIET,
        subtitlePadding=4,
        offset=14,
    )
