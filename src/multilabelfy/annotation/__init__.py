"""Stage 2: people tick every label that is valid."""
