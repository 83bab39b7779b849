"""Files in (`reading`), files out (`writing`), on common ground (`names`, `files`)."""
