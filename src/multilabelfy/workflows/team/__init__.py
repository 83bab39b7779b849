"""Who may do what: people, their invitations and sessions, the teams of datasets, and the log of security events."""
