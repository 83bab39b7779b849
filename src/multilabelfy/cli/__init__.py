"""The commands; `listing.py` has them all, in the order of work."""
