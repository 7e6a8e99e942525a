"""People: who acts. Rows that are never changed name them by id, so that a name can be erased and the row can stay."""
