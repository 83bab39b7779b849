"""What follows from an answer or a decision: the image is settled, or goes to experts."""
