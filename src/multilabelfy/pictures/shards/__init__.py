"""Pictures packed many to a file: tar archives as WebDataset writes them, and Parquet tables as Hugging Face's datasets have them."""
