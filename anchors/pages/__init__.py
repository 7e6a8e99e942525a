"""The anchor's pages: what it is to confirm, what it owes and when, what it disputes, who takes part."""
