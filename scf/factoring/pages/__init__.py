"""The bank's desk in the browser: what waits for an answer, what it rests on, limits, programmes and the portfolio."""
