"""Findings about the given labels."""
