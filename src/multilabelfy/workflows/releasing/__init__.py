"""Final labels as numbered releases, and the files they are exported to."""
