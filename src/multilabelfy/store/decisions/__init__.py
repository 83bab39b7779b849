"""Experts' decisions, and the releases made from them."""
