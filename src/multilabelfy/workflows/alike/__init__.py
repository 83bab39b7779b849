"""Which pictures of a dataset look alike: near copies by their fingerprints, and kin by a model's embeddings."""
