"""Pictures that do not lie on this machine: in a bucket (S3), or in a folder of a web server."""
