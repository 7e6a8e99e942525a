"""What a webhook says, byte for byte: the kind, when it happened, whom it is told, and the ids of what it is about."""

import json
from collections.abc import Sequence
from datetime import datetime

from scf import ids as id_texts
from scf.announcements import KINDS

TEST_KIND = "webhook.test"


def body_text(kind: str, at: datetime, organisation_id: int, ids: Sequence[int]) -> str:
    """The body as it is kept and signed. It says no more than ids: what they are is read with the rights one has."""
    prefix = KINDS[kind].prefix if ids else ""
    told = {
        "organisation_id": id_texts.text("org", organisation_id),
        "ids": [id_texts.text(prefix, id) for id in ids],
    }
    happened = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": happened, "data": told}, separators=(",", ":"))
