"""The pages of experts."""
