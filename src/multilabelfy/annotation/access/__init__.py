"""Who is signed in where, and what the security log writes down."""
