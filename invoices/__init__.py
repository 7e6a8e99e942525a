"""The supplier's desk: invoice files are read, checked, deduplicated and submitted here."""
