"""A scorer on the machines of a cluster."""
