"""Stage 3: where annotators disagree, and how far they agree."""
