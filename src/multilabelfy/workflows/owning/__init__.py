"""A study in its owner's hands: images, labels, settings, comments, gold."""
