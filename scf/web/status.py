"""The statuses of things in words, and how they look: what is well, what waits, what needs somebody, what is over."""

from collections.abc import Mapping

from scf.web.words import _

# Bootstrap's names of looks; a status that stands in none is plain
_LOOKS: Mapping[str, frozenset[str]] = {
    "success": frozenset({
        "confirmed", "funded", "settled", "approved", "accepted", "active", "cleared", "applied", "done", "paid",
        "consented", "signed", "registered", "passed", "delivered", "verified", "ready", "given",
    }),
    "warning": frozenset({
        "submitted", "requested", "proposed", "waiting", "received", "part_applied", "instructed", "sent", "disputed",
        "offered", "invited", "running", "queued", "open", "overdue", "called", "agreed", "notified", "draft",
        "screening", "unapplied",
    }),
    "danger": frozenset({
        "rejected", "declined", "failed", "returned", "written_off", "refused", "unknown", "suspended", "hit",
        "repurchased",
    }),
}  # fmt: skip
_LOOK_OF = {code: look for look, codes in _LOOKS.items() for code in codes}


def status_words(code: str) -> str:
    """A status as people read it."""
    words = code.replace("_", " ")
    return _(words[:1].upper() + words[1:])


def parts_words(text: str) -> str:
    """What a step of the day says that it did: each part by itself."""
    return ", ".join(_(part) for part in text.split(", "))


def look_of(code: str) -> str:
    """The look of a status: success, warning, danger or secondary."""
    return _LOOK_OF.get(code, "secondary")
