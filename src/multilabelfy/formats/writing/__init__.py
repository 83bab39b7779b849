"""Turn values of the core into a file. A format of `export` has the module of its name."""
