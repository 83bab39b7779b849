"""Import a dataset: read the request, survey the files, write images and labels."""
