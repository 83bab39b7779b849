"""What follows from an answer or a decision: an image is settled, or goes on to experts."""
