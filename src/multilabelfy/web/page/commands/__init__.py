"""Our own commands, which pages start in the background, and their messages in the words of a page."""
