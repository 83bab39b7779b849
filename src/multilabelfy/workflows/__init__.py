"""What people do with a study: each module gathers what a task needs, decides, and applies the result."""
