"""Whom to ask next: which image is worth one more visit, and which has had enough."""
