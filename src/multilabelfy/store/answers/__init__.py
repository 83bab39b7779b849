"""What annotators answered, as revisions that are never overwritten."""
