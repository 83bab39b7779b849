"""Pictures and reference pictures on pages: under which address, and which beside which."""
