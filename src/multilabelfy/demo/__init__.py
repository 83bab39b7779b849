"""A self-made dataset with known truth, and a whole campaign over it."""
