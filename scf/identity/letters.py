"""Letters: what people are told by mail. A message names whom and what by id; the words are made when it is sent.

So no address, and no secret, waits in the outbox; and who was erased meanwhile is written to no more.
"""

from collections.abc import Mapping

from scf.outbox import Message

KIND = "mail"


def letter(about: str, person_id: int = 0, **facts: str | int) -> Message:
    """A message that `post.send` makes a mail of; `about` names one of its letters."""
    payload: Mapping[str, str | int] = {"about": about, "person_id": person_id, **facts}
    return Message(KIND, payload)
