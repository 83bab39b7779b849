"""Turn a file into values of the core, and report everything that is wrong with it at once."""
