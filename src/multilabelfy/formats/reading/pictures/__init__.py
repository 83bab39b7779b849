"""Which pictures a dataset has, and what their folders say of labels."""
