"""Text on its way into a spreadsheet: what outsiders wrote must not be taken for a formula there."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would reckon with it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
