"""The ground: bytes, text, JSON and tables, and files that appear whole. Nothing here knows a label."""
