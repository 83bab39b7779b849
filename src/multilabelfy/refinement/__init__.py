"""Stage 4: experts decide what annotators dispute."""
