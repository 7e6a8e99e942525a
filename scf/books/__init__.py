"""Books: one a funder, the unit of the ledger, of locking and of the business date."""
