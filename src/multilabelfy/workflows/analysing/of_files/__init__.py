"""The same of votes that lie in a file, without a study: aggregate, review annotators, plan."""
