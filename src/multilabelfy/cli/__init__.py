"""The commands: a folder for what they are about, a file for each group."""
