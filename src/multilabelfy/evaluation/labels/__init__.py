"""What the final labels say about the dataset."""
