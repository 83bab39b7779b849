"""Read files (`reading`) and write them (`writing`), on common ground (`names`, `files`)."""
