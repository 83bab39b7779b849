"""Pictures on pages: their addresses, and which reference pictures are shown beside which image."""
