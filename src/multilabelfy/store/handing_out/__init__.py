"""Who is given which image: assignments, leases, the queue and checks."""
