"""Limits: ceilings on what a funder has at risk, kept as memorandum accounts with a floor."""
