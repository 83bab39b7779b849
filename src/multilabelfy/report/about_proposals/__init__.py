"""Findings about stage 1: what the proposals hold of the valid labels, and what they miss."""
