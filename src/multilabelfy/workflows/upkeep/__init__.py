"""Keep the workspace: people, plans, checkups, certificates."""
