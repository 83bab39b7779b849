"""Intervals, resampling and corrections that every stage uses."""
