"""What became of one item of a batch: a value, never an exception.

A refusal says which rule, which value against which bound, and what would make it pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an item was refused.

    `reason` is a code of the command's closed list; `field` the input it is about, if any; `value` and `bound` are
    printed as people read them; `remedy` says what would make it pass.
    """

    reason: str
    field: str = ""
    value: str = ""
    bound: str = ""
    remedy: str = ""

    def words(self) -> str:
        """The refusal as one sentence."""
        parts = [self.reason.replace("_", " ")]
        if self.field:
            parts[0] += f" ({self.field})"
        if self.value:
            parts.append(f"{self.value}" + (f" against {self.bound}" if self.bound else ""))
        elif self.bound:
            parts.append(f"bound {self.bound}")
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one item: what was made or touched (`id`), or the refusal; `facts` are small extras."""

    id: int | None = None
    refusal: Refusal | None = None
    facts: Mapping[str, Scalar] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """True when the item was not refused."""
        return self.refusal is None


def done(id: int | None = None, **facts: Scalar) -> Outcome:
    """An accepted item."""
    return Outcome(id, None, facts)


def refused(
    reason: str, *, field: str = "", value: str = "", bound: str = "", remedy: str = "", id: int | None = None
) -> Outcome:
    """A refused item."""
    return Outcome(id, Refusal(reason, field, value, bound, remedy))


def to_json(outcome: Outcome) -> int | dict[str, object]:
    """The outcome as it is stored in the command log; a plain success is its id alone."""
    if outcome.id is not None and outcome.refusal is None and not outcome.facts:
        return outcome.id
    answer: dict[str, object] = {}
    if outcome.id is not None:
        answer["id"] = outcome.id
    if outcome.refusal is not None:
        refusal = outcome.refusal
        names = ("reason", "field", "value", "bound", "remedy")
        answer["refusal"] = {name: getattr(refusal, name) for name in names if getattr(refusal, name)}
    if outcome.facts:
        answer["facts"] = dict(outcome.facts)
    return answer


def from_json(answer: int | Mapping[str, object]) -> Outcome:
    """The reverse of `to_json`."""
    if isinstance(answer, int):
        return Outcome(answer)
    refusal = answer.get("refusal")
    facts = answer.get("facts")
    id = answer.get("id")
    return Outcome(
        id if isinstance(id, int) else None,
        Refusal(**refusal) if isinstance(refusal, dict) else None,
        facts if isinstance(facts, dict) else {},
    )
