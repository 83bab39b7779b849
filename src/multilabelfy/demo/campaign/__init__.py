"""The demo's people and what they do: a study over all four stages."""
