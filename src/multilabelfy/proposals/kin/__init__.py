"""Kin: pictures that look alike to a model, nearest first and in groups."""
