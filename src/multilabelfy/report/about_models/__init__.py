"""Findings about models."""
