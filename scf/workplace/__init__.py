"""What everybody works with at every desk: search, time lines, notifications, saved filters, preferences."""
