"""The case that an expert is asked about: what is shown of it, and whether a decision fits."""
