"""Money out and money in: payment files to banks, and the statements that come back."""
