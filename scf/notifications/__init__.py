"""Notifications: what an organisation was told of, as its people read it on the screen, and how far each has read."""
