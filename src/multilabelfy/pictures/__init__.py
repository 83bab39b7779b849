"""The only room that opens an image file."""
