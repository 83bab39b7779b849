"""Stage "evaluation": what a labelled sample and the models' agreement say about all images."""
