"""Bring a dataset in: read the request, look over the files, write images and labels."""
