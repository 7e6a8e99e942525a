"""The audit trail: a hash chain over the command log, off the hot path."""
