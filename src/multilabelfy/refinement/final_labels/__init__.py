"""Which labels are final, and what a release holds of them."""
