"""Dossiers as rows, with what belongs to them. Steps are never changed; people and documents are blanked in time."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
)
from sqlalchemy.schema import SchemaItem

from scf.db.types import UTCDateTime, id_column, one_of, table
from scf.onboarding.lifecycle import ACCOUNT, MOVES, REVIEW, SCREENING
from scf.onboarding.requirements import WHOLE_PPM, DocumentKind, LegalForm, PersonRole, Risk

WORDS_MAX = 1000
SCREENING_OUTCOMES = ("clear", "hit", "undecided")
ACCOUNT_OUTCOMES = ("matched", "close", "no_match", "undecided")


def _organisation() -> Column[int]:
    """Whose dossier it is: every row says so itself."""
    return Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False)


def _of_dossier() -> tuple[SchemaItem, ...]:
    return (
        id_column(),
        _organisation(),
        Column("dossier_id", BigInteger, ForeignKey("dossier.id"), nullable=False),
    )


dossiers = table(
    "dossier",
    id_column(),
    _organisation(),
    Column("legal_form", String(20), nullable=False),
    Column("status", String(12), nullable=False),
    # the party's word that nobody holds 25 % or more
    Column("nobody_owns", Boolean, nullable=False),
    # counts the submissions and reviews: a screening holds for the round in which it was made
    Column("round", Integer, nullable=False),
    Column("signature_id", BigInteger, ForeignKey("signature.id"), nullable=True),
    Column("risk", String(10), nullable=True),
    Column("review_due_on", Date, nullable=True),
    Column("applied_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("status", MOVES), name="status"),
    CheckConstraint(one_of("legal_form", LegalForm), name="legal_form"),
    CheckConstraint(one_of("risk", Risk), name="risk"),
    CheckConstraint("status <> 'active' OR (risk IS NOT NULL AND review_due_on IS NOT NULL)", name="active"),
    CheckConstraint("(status = 'declined') = (ended_at IS NOT NULL)", name="ended"),
)
Index("uq_dossier_organisation_id", dossiers.c.organisation_id, unique=True)
_ACTIVE = dossiers.c.status == "active"
Index("ix_dossier_review", dossiers.c.review_due_on, postgresql_where=_ACTIVE, sqlite_where=_ACTIVE)
# those that wait for the operator's people
_WITH_THE_OPERATOR = dossiers.c.status.in_((SCREENING, ACCOUNT, REVIEW))
Index("ix_dossier_waiting", dossiers.c.id, postgresql_where=_WITH_THE_OPERATOR, sqlite_where=_WITH_THE_OPERATOR)
# said in the statement, not bound to it: only so do both databases see that the index above fits
WAITS_FOR_THE_OPERATOR = dossiers.c.status.in_(
    bindparam("waiting", (SCREENING, ACCOUNT, REVIEW), expanding=True, literal_execute=True)
)

documents = table(
    "dossier_document",
    *_of_dossier(),
    Column("kind", String(30), nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(20), nullable=False),
    # NULL once its time is over: then nothing leads to the bytes any more
    Column("sha256", String(64), ForeignKey("file.sha256"), nullable=True),
    Column("status", String(10), nullable=False),
    Column("added_by_id", BigInteger, nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("kind", DocumentKind), name="kind"),
    CheckConstraint("status IN ('standing', 'sent_back')", name="status"),
)
Index("ix_dossier_document_sha256", documents.c.sha256)

people = table(
    "dossier_person",
    *_of_dossier(),
    Column("role", String(10), nullable=False),
    Column("name", String(140), nullable=False),
    Column("born_on", Date, nullable=True),
    Column("country", String(2), nullable=False),
    Column("share_ppm", Integer, nullable=False),
    # replaced by what the party said later
    Column("status", String(10), nullable=False),
    Column("named_at", UTCDateTime, nullable=False),
    Column("erased_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("role", PersonRole), name="role"),
    CheckConstraint(f"share_ppm BETWEEN 0 AND {WHOLE_PPM}", name="share"),
    CheckConstraint("status IN ('named', 'replaced')", name="status"),
    CheckConstraint("(erased_at IS NULL) = (born_on IS NOT NULL)", name="erased"),
)

steps = table(
    "dossier_step",
    *_of_dossier(),
    # empty: it began
    Column("from_status", String(12), nullable=False),
    Column("to_status", String(12), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    # the party reads it
    Column("reason", String(WORDS_MAX), nullable=False),
    CheckConstraint("reason <> ''", name="reason"),
    append_only=True,
)

screenings = table(
    "screening",
    *_of_dossier(),
    Column("round", Integer, nullable=False),
    Column("method", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    # blanked with the people: it may name them
    Column("details", String(WORDS_MAX), nullable=False),
    # a hit is open until two people decide
    Column("status", String(10), nullable=False),
    Column("recorded_by_id", BigInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("decision", String(WORDS_MAX), nullable=False),
    Column("proposed_by_id", BigInteger, nullable=True),
    Column("decided_by_id", BigInteger, nullable=True),
    Column("decided_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("outcome", SCREENING_OUTCOMES), name="outcome"),
    CheckConstraint("status IN ('noted', 'open', 'cleared', 'confirmed')", name="status"),
    CheckConstraint("(outcome = 'hit') = (status <> 'noted')", name="hit"),
    CheckConstraint("(status IN ('cleared', 'confirmed')) = (decided_at IS NOT NULL)", name="decided"),
)

account_checks = table(
    "account_check",
    *_of_dossier(),
    Column("iban", String(34), nullable=False),
    Column("holder", String(140), nullable=False),
    Column("method", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("details", String(WORDS_MAX), nullable=False),
    # of a penny test; the code itself is nowhere
    Column("code_hash", String(64), nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("given_by_id", BigInteger, nullable=False),
    Column("given_at", UTCDateTime, nullable=False),
    Column("checked_by_id", BigInteger, nullable=True),
    Column("checked_at", UTCDateTime, nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("outcome", ACCOUNT_OUTCOMES), name="outcome"),
    CheckConstraint("status IN ('current', 'replaced')", name="status"),
    CheckConstraint("tries_left BETWEEN 0 AND 3", name="tries"),
)
_CURRENT = account_checks.c.status == "current"
Index(
    "uq_account_check_current",
    account_checks.c.dossier_id,
    unique=True,
    postgresql_where=_CURRENT,
    sqlite_where=_CURRENT,
)

# whom a row concerns is asked with every list
for _each in (documents, people, steps, screenings, account_checks):
    Index(f"ix_{_each.name}_organisation_id", _each.c.organisation_id)
    Index(f"ix_{_each.name}_dossier_id", _each.c.dossier_id)
