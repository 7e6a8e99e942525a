"""The operator's pages of dossiers: what parties brought, what was found, and what is decided about them."""
