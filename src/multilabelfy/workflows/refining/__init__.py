"""Stage 4: what lies on an expert's desk, and what becomes of the decision."""
