"""What proposals miss: how many valid labels are among the first k, for one model and for several together."""
