"""Gather what a report is made from: a stored study, or label files."""
