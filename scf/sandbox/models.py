"""Where the sandbox's clock was set, as a row, so that all processes see the same time."""

from sqlalchemy import Column, Integer

from scf.db.types import UTCDateTime, table

sandbox_clocks = table(
    "sandbox_clock",
    Column("id", Integer, primary_key=True, autoincrement=False),
    # the instant it was set to, and when that was: from then on it goes like any other
    Column("shown_at", UTCDateTime, nullable=False),
    Column("set_at", UTCDateTime, nullable=False),
)
