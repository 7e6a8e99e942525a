"""What the routes of onboarding take, as marshmallow schemas."""

from datetime import date

from marshmallow import Schema, fields, validate

from scf.fields import Day, Flag, Id, ItemSchema, Rate, Words
from scf.onboarding.accounts import CheckedAccount, GivenAccount, RepeatedCode
from scf.onboarding.agreement import AgreementSigned
from scf.onboarding.apply import Application
from scf.onboarding.decide import Decision
from scf.onboarding.lifecycle import DOCUMENTS, OWNERS
from scf.onboarding.models import ACCOUNT_OUTCOMES, SCREENING_OUTCOMES, WORDS_MAX
from scf.onboarding.name_people import PeopleNamed
from scf.onboarding.operate import Activation, Declined, Reviewed, SentBack
from scf.onboarding.requirements import DocumentKind, LegalForm, NewPerson, PersonRole, Risk
from scf.onboarding.screen import NewScreening
from scf.onboarding.submit import Submission
from scf.programmes.schemas import sha256
from scf.signatures.schemas import SignedSchema, signed

_METHOD_MAX = 40
_COUNTRY = validate.Regexp(r"^[A-Z]{2}\Z", error="give an ISO 3166 code like DE")


def _reason() -> Words:
    return Words(WORDS_MAX, 1, required=True, metadata={"description": "the party reads it: name nobody in it"})


class NewDossierSchema(ItemSchema):
    """An application."""

    makes = Application
    legal_form = fields.Enum(LegalForm, by_value=True, required=True)


class DocumentQuery(Schema):
    """What a document is, and what it is called."""

    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    name = Words(200, 1, load_default="document")


def _person(role: PersonRole, name: str, born_on: date, country: str, share: int) -> NewPerson:
    return NewPerson(role, name, born_on, country, share)


class NewPersonSchema(ItemSchema):
    """Somebody behind the party."""

    makes = staticmethod(_person)
    role = fields.Enum(PersonRole, by_value=True, required=True)
    name = Words(140, 1, required=True)
    born_on = Day(required=True)
    country = fields.String(required=True, validate=[_COUNTRY], metadata={"example": "DE"})
    share = Rate(
        r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$",
        load_default=0,
        validate=[validate.Range(0, 1_000_000, error="a share is at most 1")],
        metadata={"description": "of an owner: what they hold of the party, 0.25 is a quarter"},
    )


def _people(people: list[NewPerson], nobody_owns: bool) -> PeopleNamed:
    return PeopleNamed(tuple(people), nobody_owns)


class PeopleNamedSchema(ItemSchema):
    """All the people behind the party, as it stands now."""

    makes = staticmethod(_people)
    people = fields.List(fields.Nested(NewPersonSchema), required=True, validate=[validate.Length(1, 50)])
    nobody_owns = Flag(
        load_default=False, metadata={"description": "the party's word that nobody holds 25 % or more of it"}
    )


class SubmissionSchema(ItemSchema):
    """The dossier as it stands."""

    makes = Submission


class AgreementSignedSchema(SignedSchema):
    """The membership agreement to sign: it must be the document that was read."""

    makes = signed(AgreementSigned)
    document_sha256 = sha256()


class GivenAccountSchema(ItemSchema):
    """Where the party is to be paid."""

    makes = GivenAccount
    iban = Words(42, 15, required=True)
    holder = Words(140, 1, required=True)


class RepeatedCodeSchema(ItemSchema):
    """The code that came with a small amount."""

    makes = RepeatedCode
    code = Words(40, 1, required=True)


class NewScreeningSchema(ItemSchema):
    """What a person found."""

    makes = NewScreening
    dossier_id = Id("dos", required=True)
    method = Words(_METHOD_MAX, 1, required=True, metadata={"example": "by hand"})
    outcome = fields.String(required=True, validate=[validate.OneOf(SCREENING_OUTCOMES)])
    details = Words(WORDS_MAX, 1, required=True)


class HitSchema(ItemSchema):
    """What a hit means."""

    makes = Decision
    screening_id = Id("scr", required=True)
    cleared = fields.Boolean(required=True)
    words = Words(WORDS_MAX, 1, required=True)


class CheckedAccountSchema(ItemSchema):
    """What a person's check of an account came to."""

    makes = CheckedAccount
    account_check_id = Id("ack", required=True)
    method = Words(_METHOD_MAX, 1, required=True, metadata={"example": "bank letter"})
    outcome = fields.String(required=True, validate=[validate.OneOf(ACCOUNT_OUTCOMES)])
    details = Words(WORDS_MAX, 1, required=True)


class ActivationSchema(ItemSchema):
    """A dossier to activate."""

    makes = Activation
    dossier_id = Id("dos", required=True)
    risk = fields.Enum(Risk, by_value=True, required=True)
    reason = _reason()


class ReviewedSchema(ItemSchema):
    """A periodic review that found nothing to correct."""

    makes = Reviewed
    dossier_id = Id("dos", required=True)
    risk = fields.Enum(Risk, by_value=True, required=True)
    reason = _reason()


def _sent_back(dossier_id: int, to: str, reason: str, document_ids: list[int]) -> SentBack:
    return SentBack(dossier_id, to, reason, tuple(document_ids))


class SentBackSchema(ItemSchema):
    """A dossier to correct."""

    makes = staticmethod(_sent_back)
    dossier_id = Id("dos", required=True)
    to = fields.String(required=True, validate=[validate.OneOf([DOCUMENTS, OWNERS])])
    reason = _reason()
    document_ids = fields.List(Id("ddc"), load_default=list, metadata={"description": "documents that do not do"})


class DeclinedSchema(ItemSchema):
    """A dossier to end."""

    makes = Declined
    dossier_id = Id("dos", required=True)
    reason = _reason()


def _id(person_id: int) -> int:
    return person_id


class PersonErasedSchema(ItemSchema):
    """A person of a dossier to erase."""

    makes = staticmethod(_id)
    person_id = Id("dpe", required=True)
