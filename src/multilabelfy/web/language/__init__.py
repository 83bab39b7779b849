"""The language of a page, and how it writes numbers, dates and names."""
