"""Findings about annotators and experts."""
