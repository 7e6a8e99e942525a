"""The database: SQLite to begin with, PostgreSQL in production, through the same code.

Every difference between the two stands in this folder.
"""
