"""Stage 1: run scorers over the images and keep what they propose."""
