"""Commands that serve the pages: a study, or the demo."""
