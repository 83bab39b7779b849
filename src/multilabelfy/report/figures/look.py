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
