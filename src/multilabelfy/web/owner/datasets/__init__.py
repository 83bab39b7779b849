"""The life of a dataset: made, proposed for, moved, renamed, deleted."""
