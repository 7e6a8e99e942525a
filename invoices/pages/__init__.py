"""The supplier's pages: what it can be paid, what it sends, what it may expect."""
