"""The pages that show a study."""
