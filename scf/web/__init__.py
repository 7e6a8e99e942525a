"""The web base: what every page shares."""
