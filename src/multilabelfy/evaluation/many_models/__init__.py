"""How models compare with each other."""
