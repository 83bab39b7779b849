"""What label sets do to the models that are measured on them: measures, fits, label errors, each with its interval."""
