"""Workflows that pages run in processes of their own: what there is, the process, and who looks after it."""
