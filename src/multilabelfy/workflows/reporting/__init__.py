"""Write reports, and read back what was made."""
