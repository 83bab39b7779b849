"""Findings about the labels of the images."""
