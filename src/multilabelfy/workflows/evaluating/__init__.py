"""Measure models against the labels."""
