"""What a dossier must hold, by the party's legal form, and what of it is missing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# who holds as much is a beneficial owner, and named
OWNER_FROM_PPM = 250_000
WHOLE_PPM = 1_000_000


class LegalForm(StrEnum):
    """What kind of party it is in law."""

    COMPANY = "company"
    PARTNERSHIP = "partnership"
    SOLE_TRADER = "sole_trader"
    ASSOCIATION = "association"


class DocumentKind(StrEnum):
    """What a document is."""

    REGISTRATION_EXTRACT = "registration_extract"
    ARTICLES = "articles"
    PARTNERSHIP_AGREEMENT = "partnership_agreement"
    OWNERSHIP_CHART = "ownership_chart"
    IDENTITY_DOCUMENT = "identity_document"
    PROOF_OF_ADDRESS = "proof_of_address"
    POWER_OF_ATTORNEY = "power_of_attorney"
    BANK_LETTER = "bank_letter"


class PersonRole(StrEnum):
    """What a person is to the party."""

    OWNER = "owner"
    SIGNATORY = "signatory"
    DIRECTOR = "director"


class Risk(StrEnum):
    """How closely a party is watched."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


REVIEW_YEARS: Mapping[Risk, int] = {Risk.LOW: 3, Risk.STANDARD: 2, Risk.HIGH: 1}

_KIND = DocumentKind
_ALWAYS = frozenset({_KIND.IDENTITY_DOCUMENT, _KIND.PROOF_OF_ADDRESS})
_WHO_WISHES = frozenset({_KIND.POWER_OF_ATTORNEY, _KIND.BANK_LETTER})
NEEDED: Mapping[LegalForm, frozenset[DocumentKind]] = {
    LegalForm.COMPANY: _ALWAYS | {_KIND.REGISTRATION_EXTRACT, _KIND.ARTICLES},
    LegalForm.PARTNERSHIP: _ALWAYS | {_KIND.REGISTRATION_EXTRACT, _KIND.PARTNERSHIP_AGREEMENT},
    LegalForm.SOLE_TRADER: _ALWAYS,
    LegalForm.ASSOCIATION: _ALWAYS | {_KIND.REGISTRATION_EXTRACT, _KIND.ARTICLES},
}
TAKEN: Mapping[LegalForm, frozenset[DocumentKind]] = {
    LegalForm.COMPANY: NEEDED[LegalForm.COMPANY] | _WHO_WISHES | {_KIND.OWNERSHIP_CHART},
    LegalForm.PARTNERSHIP: NEEDED[LegalForm.PARTNERSHIP] | _WHO_WISHES | {_KIND.OWNERSHIP_CHART},
    LegalForm.SOLE_TRADER: NEEDED[LegalForm.SOLE_TRADER] | _WHO_WISHES | {_KIND.REGISTRATION_EXTRACT},
    LegalForm.ASSOCIATION: NEEDED[LegalForm.ASSOCIATION] | _WHO_WISHES,
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody behind the party; `share_ppm` is what an owner holds of it."""

    role: PersonRole
    name: str
    born_on: date
    country: str
    share_ppm: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a dossier names them."""

    role: str
    name: str
    born_on: date | None
    country: str
    share_ppm: int


def missing(form: str, kinds: Sequence[str], people: Sequence[Named], nobody_owns: bool) -> list[str]:
    """What a dossier lacks before it can be submitted, in words; `kinds` are of the documents that stand."""
    found = [kind.replace("_", " ") for kind in sorted(NEEDED[LegalForm(form)] - set(kinds))]
    heads = len({(person.name, person.born_on) for person in people})
    shown = kinds.count(DocumentKind.IDENTITY_DOCUMENT)
    if 0 < shown < heads:
        found.append(f"identity document of each of {heads} people (there are {shown})")
    return found + lacking(people, nobody_owns)


def lacking(people: Iterable[NewPerson | Named], nobody_owns: bool) -> list[str]:
    """Which people have to be named still, in words."""
    listed = list(people)
    found = []
    if not nobody_owns and not any(_owns(person) for person in listed):
        found.append("the owners of 25 % or more, or the word that there are none")
    if not any(person.role == PersonRole.SIGNATORY for person in listed):
        found.append("a signatory")
    return found


def contradiction(people: Sequence[NewPerson], nobody_owns: bool, today: date) -> str:
    """What cannot be true of the people as they are named, in words; empty when it can."""
    owned = sum(person.share_ppm for person in people if person.role == PersonRole.OWNER)
    if owned > WHOLE_PPM:
        return f"the owners' shares add up to {owned} ppm of {WHOLE_PPM}"
    if nobody_owns and any(_owns(person) for person in people):
        return "an owner of 25 % or more is named, and the word is that there are none"
    if any((person.role == PersonRole.OWNER) != (person.share_ppm > 0) for person in people):
        return "an owner holds a share, and nobody else does"
    if any(not date(1900, 1, 1) <= person.born_on < today for person in people):
        return f"everybody was born between 1900-01-01 and {today}"
    return ""


def _owns(person: NewPerson | Named) -> bool:
    return person.role == PersonRole.OWNER and person.share_ppm >= OWNER_FROM_PPM


def review_due(active_on: date, risk: Risk) -> date:
    """When a dossier is to be looked at again."""
    year = active_on.year + REVIEW_YEARS[risk]
    if (active_on.month, active_on.day) == (2, 29):
        return date(year, 2, 28)
    return active_on.replace(year=year)
