"""Stage 1: a model proposes labels."""
