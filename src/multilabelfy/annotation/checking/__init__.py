"""Quality checks: which of them a person gets, and what an answer to gold got right."""
