"""What every page shares: rendering, errors, forms, keys, the border."""
