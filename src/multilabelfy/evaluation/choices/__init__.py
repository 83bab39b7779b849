"""How far the figures depend on choices that could have been made otherwise."""
