"""Annotators with known errors, seeded."""
