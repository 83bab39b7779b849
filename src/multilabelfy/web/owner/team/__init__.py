"""Who works on a study: the team of the workspace and of a dataset, erasing a name, the security log."""
