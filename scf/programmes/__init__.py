"""Programmes: what a funder and an anchor agreed, the suppliers enrolled in it, and the versions of its terms."""
