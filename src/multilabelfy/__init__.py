"""Multilabelfy: turn a single-label image dataset into a trustworthy multi-label one."""

__version__ = "0.1.0"
