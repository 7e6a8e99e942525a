"""Jobs on the screen: an organisation's own, everybody's to who runs the platform."""
