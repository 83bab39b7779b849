"""What experts' decisions say about themselves and the annotators."""
