"""Reports on the screen, for whom they are about."""
