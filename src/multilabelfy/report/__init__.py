"""Findings, charts and the pages of a report."""
