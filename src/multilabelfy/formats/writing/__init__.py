"""Turn values of the core into a file. Each format of `export` has a module of its name."""
