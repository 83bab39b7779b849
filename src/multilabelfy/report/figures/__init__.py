"""Draw findings as Vega-Lite specifications."""
