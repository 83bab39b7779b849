"""Stage 2: what lies on an annotator's desk, and what becomes of the answer."""
