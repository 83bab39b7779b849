"""From a composed scene to its picture: things, grounds, light; and what is true of it."""
