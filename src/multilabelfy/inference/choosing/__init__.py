"""Which model to take: what is known of each, which are on this machine, what suits it."""
