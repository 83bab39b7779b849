"""How far people agree: each measure with its definition and its interval."""
