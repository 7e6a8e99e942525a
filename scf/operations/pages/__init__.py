"""The operator's desk: what waits, what failed, who takes part, and what was done."""
