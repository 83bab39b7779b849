"""What a study asks, and how: its protocol, its guidelines, and the plan of its analysis."""
