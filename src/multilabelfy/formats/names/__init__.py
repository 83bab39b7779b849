"""What images and labels are called: by a path, a number, a WordNet id."""
