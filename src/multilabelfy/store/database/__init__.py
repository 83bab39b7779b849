"""The database itself: how statements run, its faults, its migrations, its opening."""
