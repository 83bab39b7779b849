"""The chapters of a report: each measures what its material allows, and tells its findings in order."""
