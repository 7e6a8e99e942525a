"""Organisations: every party of the platform, whatever part it plays in a programme."""
