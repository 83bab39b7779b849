"""Stage 3: who disputes what, how far people agree, and who worked how much."""
