"""What the labels do to the models measured on them."""
