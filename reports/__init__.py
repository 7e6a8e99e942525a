"""Reads everything, and writes only its own runs. Nothing imports it but the composition root."""
