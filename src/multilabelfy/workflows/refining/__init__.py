"""Stage 4: the cases on an expert's desk, and the expert's decisions."""
