"""What the operator's people do with a dossier, as data: where each verb is offered, and the fields of its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from scf.commands import Command
from scf.onboarding.accounts import RECORD_ACCOUNT_CHECK
from scf.onboarding.decide import DECIDE_BY_PEOPLE
from scf.onboarding.lifecycle import ACCOUNT, ACTIVE, DECLINED, DOCUMENTS, MOVES, OWNERS, REVIEW, SCREENED
from scf.onboarding.models import ACCOUNT_OUTCOMES, SCREENING_OUTCOMES
from scf.onboarding.operate import ACTIVATE, DECLINE, REVIEW_DONE, SEND_BACK
from scf.onboarding.requirements import Risk
from scf.onboarding.schemas import (
    ActivationSchema,
    CheckedAccountSchema,
    DeclinedSchema,
    HitSchema,
    NewScreeningSchema,
    ReviewedSchema,
    SentBackSchema,
)
from scf.onboarding.screen import RECORD_SCREENING
from scf.web.words import N_

# a dossier that no longer stands with its party
_CORRECTED = frozenset(state for state, targets in MOVES.items() if DOCUMENTS in targets) - {"application", OWNERS}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: text, words (several lines), choice, or documents (ticked among the dossier's)."""

    name: str
    words: str
    kind: str = "text"
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """A command as a form of its own: `about` names the field that says what it is about, `said` what was done."""

    words: str
    command: Command[Any, Any, Any]
    schema: type[Schema]
    fields: Sequence[Field]
    said: str
    about: str = "dossier_id"
    states: frozenset[str] = frozenset()
    look: str = "outline-primary"


def _codes(codes: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Options that are called by what their code says."""
    return [(code, "") for code in codes]


_READ_BY_THE_PARTY = N_("The party reads it: name nobody in it.")
_REASON = Field("reason", N_("Reason"), "words", hint=_READ_BY_THE_PARTY)
_RISK = Field("risk", N_("Risk"), "choice", _codes([str(risk) for risk in Risk]), N_("How closely it is watched."))
_METHOD = Field("method", N_("Method"), hint=N_("A list's name, or: by hand."))
_DETAILS = Field("details", N_("What was found"), "words")

# of a dossier as a whole, in the order of its buttons
OF_DOSSIER: Mapping[str, Verb] = {
    "activate": Verb(
        N_("Activate"), ACTIVATE, ActivationSchema, (_RISK, _REASON), N_("The party may take part from now on."),
        states=frozenset({ACCOUNT}), look="primary",
    ),
    "review": Verb(
        N_("End the review"), REVIEW_DONE, ReviewedSchema, (_RISK, _REASON), N_("The review is over."),
        states=frozenset({REVIEW}), look="primary",
    ),
    "screen": Verb(
        N_("Record a screening"), RECORD_SCREENING, NewScreeningSchema,
        (_METHOD, Field("outcome", N_("Outcome"), "choice", _codes(SCREENING_OUTCOMES)), _DETAILS),
        N_("The screening is recorded."), states=SCREENED,
    ),
    "send-back": Verb(
        N_("Send back"), SEND_BACK, SentBackSchema,
        (
            Field("to", N_("What is to be corrected"), "choice",
                  ((DOCUMENTS, N_("Its documents")), (OWNERS, N_("The people it named")))),
            Field("document_ids", N_("Documents that do not do"), "documents"),
            _REASON,
        ),
        N_("The dossier is with its party again."), states=_CORRECTED,
    ),
    "decline": Verb(
        N_("Decline"), DECLINE, DeclinedSchema, (_REASON,), N_("The dossier is declined."),
        states=frozenset(state for state, targets in MOVES.items() if DECLINED in targets) - {ACTIVE},
        look="outline-danger",
    ),
    "end": Verb(
        N_("End taking part"), DECLINE, DeclinedSchema, (_REASON,), N_("The party no longer takes part."),
        states=frozenset({ACTIVE}), look="outline-danger",
    ),
}  # fmt: skip

# of one hit, and of the account that was given
HIT = Verb(
    N_("Propose what the hit means"), DECIDE_BY_PEOPLE.propose, HitSchema,
    (
        Field("cleared", N_("Decision"), "choice",
              (("true", N_("Somebody else is meant: clear it")), ("false", N_("It is this party: confirm it")))),
        Field("words", N_("Why"), "words"),
    ),
    N_("It is proposed; another of the operator's people decides."), about="screening_id",
)  # fmt: skip
ACCOUNT_CHECKED = Verb(
    N_("Record the account's check"), RECORD_ACCOUNT_CHECK, CheckedAccountSchema,
    (_METHOD, Field("outcome", N_("Outcome"), "choice", _codes(ACCOUNT_OUTCOMES)), _DETAILS),
    N_("The check of the account is recorded."), about="account_check_id", states=frozenset({ACCOUNT}),
)  # fmt: skip
