"""Webhooks by the Standard Webhooks specification: announcements, signed and sent to where an organisation asked."""
