"""Webhooks on the screen: where an organisation is told of what happens, and what became of each call."""
