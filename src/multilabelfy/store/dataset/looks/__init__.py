"""How pictures look: their fingerprints, what a model makes of them, and which of them look alike to it."""
