"""What experts decided, and the releases that came of it."""
