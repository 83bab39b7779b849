"""How well one model does under the final labels."""
