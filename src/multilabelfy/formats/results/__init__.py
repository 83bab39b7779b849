"""Tables that other commands than `export` write: scores by votes, the ranking of given labels."""
