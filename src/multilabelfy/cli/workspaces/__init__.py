"""Commands about a whole workspace: its people, its health, where it is and of which version."""
