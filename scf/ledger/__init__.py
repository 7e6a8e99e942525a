"""The ledger: double entry, append-only, one book a funder. Only `POSTING_RULES` may post."""
