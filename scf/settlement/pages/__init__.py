"""The rest of the bank's desk in the browser: its first page, what waits for a second person, and the cash desk."""
