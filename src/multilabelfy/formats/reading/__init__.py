"""Turn a file into values of the core, with all that is wrong with it at once."""
