"""A scorer at work: pictures opened on threads, batches as large as pays, every core busy."""
