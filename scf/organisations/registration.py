"""Registration numbers in the one form in which they are kept and compared; files and registers have others."""

from functools import lru_cache

_MARKS = str.maketrans("", "", " \t\r\n\u00a0\u202f.-\u2010\u2011\u2012\u2013")


@lru_cache(maxsize=8192)
def normal_id(text: str) -> str:
    """An organisation's identifier without blanks, dots and hyphens, in capitals: "nl8200.98.b01" → NL820098B01."""
    return text.translate(_MARKS).upper()
