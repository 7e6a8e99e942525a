"""The pages everybody has: search, time lines, notifications, saved filters, preferences."""
