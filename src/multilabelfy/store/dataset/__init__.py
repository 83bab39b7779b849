"""Datasets with their labels, images, proposals and exemplars."""
