"""What the labels say about models."""
