"""What is being re-annotated: images, the labels they may carry, the label sets they got."""
