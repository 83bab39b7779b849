"""The database itself: opening it, its transactions, its faults, its migrations."""
