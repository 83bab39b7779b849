"""Everything of a workspace that can break, looked at and mended: the command `doctor`."""
