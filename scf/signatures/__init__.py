"""Signatures: who signed which bytes, for what and how; and consents, which are signatures with an addressee."""
