"""How long notifications name what happened: ninety days; that something happened, and when, stays."""

from scf.module import Retention
from scf.notifications.write import sweep

RETENTION = (
    Retention(
        "notifications",
        90,
        "from when it happened: long enough to come back from leave and see; which things it was about is blanked, for"
        " their own time lines tell",
        sweep,
    ),
)
