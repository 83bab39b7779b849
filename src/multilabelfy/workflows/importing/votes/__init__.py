"""A study made of votes that people cast elsewhere, without its pictures."""
