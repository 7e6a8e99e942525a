"""Four eyes: a command waiting for its checker."""
