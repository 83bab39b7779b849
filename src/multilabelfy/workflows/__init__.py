"""Gather, decide, apply: one job a file."""
