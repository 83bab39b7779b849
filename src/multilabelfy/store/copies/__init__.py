"""Whole databases, copied: backed up while people work, looked into, moved to another database."""
