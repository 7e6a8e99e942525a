"""Receivables: what exists once an anchor has confirmed. The engine knows only these."""
