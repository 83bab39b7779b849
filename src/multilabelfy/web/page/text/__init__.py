"""Texts that pages are made of: written by people, quoted from commands, or prepared once and filled in each time."""
