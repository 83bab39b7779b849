"""What a dataset can be asked for when it is exported, and what several formats share."""
