"""The formats of `export`, one module each, of its name."""
