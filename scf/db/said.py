"""Conditions whose values are said in the statement, not bound to it: only so do both databases see at once that a
partial index fits. For words of closed lists alone; what anybody typed is always bound.
"""

from sqlalchemy import ColumnElement, bindparam


def says(column: ColumnElement[str], *values: str) -> ColumnElement[bool]:
    """The condition that a column holds the word, or one of the words."""
    name = f"{column.key}_said"
    if len(values) == 1:
        return column == bindparam(name, values[0], literal_execute=True, unique=True)
    return column.in_(bindparam(name, values, expanding=True, literal_execute=True, unique=True))
