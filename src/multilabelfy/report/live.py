"""The script that draws figures live on a page: Vega, Vega-Lite and vega-embed as one module, from the package that draws the files.

vega-embed holds Vega's expression interpreter; `ast: true` makes it use that instead of `Function`, so that a strict content security
policy holds (https://vega.github.io/vega/usage/interpreter/).
"""

from functools import cache

import vl_convert

SNIPPET = "export const embed = vegaEmbed;"


@cache
def chart_script() -> str:
    """The module as text, about 900 KB (305 KB compressed); it exports `embed`. Takes about two seconds, once."""
    return str(vl_convert.javascript_bundle(SNIPPET))
