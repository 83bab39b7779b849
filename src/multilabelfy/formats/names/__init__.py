"""How files name images and labels: by a path, a number or a WordNet id."""
