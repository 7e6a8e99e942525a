"""The engine's rows: requests, advances with the proof of their price, assignments, dilutions, claims, guarantees."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from scf.db.prefixes import word_index
from scf.db.types import UTCDateTime, id_column, table

advance_requests = table(
    "advance_request",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("receivable_id", BigInteger, ForeignKey("receivable.id"), nullable=False),
    Column("terms_id", BigInteger, ForeignKey("terms_document.id"), nullable=False),
    # what is asked on, as it was then: how it fares is for its creditor and, while the request waits, for the bank
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("ref", String(60), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("undertaking", String(20), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("requested_on", Date, nullable=False),
    # who asked, for their own organisation to see; 0: a standing instruction
    Column("requested_by_id", BigInteger, nullable=True),
    Column("requested_at", UTCDateTime, nullable=True),
    # what approval reserved on the limits; 0 before
    Column("reserved_minor", BigInteger, nullable=False),
    # NULL before the bank has answered, 0: its rules did
    Column("decided_by_id", BigInteger, nullable=True),
    Column("decided_at", UTCDateTime, nullable=True),
    # withdrawn or expired; who withdrew is of the supplier
    Column("ended_at", UTCDateTime, nullable=True),
    Column("withdrawn_by_id", BigInteger, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('requested', 'approved', 'declined', 'withdrawn', 'expired', 'funded')", name="status"),
    bulk_loaded=True,
)
# each organisation reads its own in the order of their ids; so below
Index("ix_advance_request_book_id_id", advance_requests.c.book_id, advance_requests.c.id)
# who was asked for an advance on it (`scf.db.walls`)
Index("ix_advance_request_receivable_id", advance_requests.c.receivable_id)
Index("ix_advance_request_supplier_id_id", advance_requests.c.supplier_id, advance_requests.c.id)
word_index("ix_advance_request_book_id_ref", advance_requests.c.book_id, advance_requests.c.ref)
_LIVE = advance_requests.c.status.in_(["requested", "approved"])
Index(
    "uq_advance_request_live", advance_requests.c.receivable_id, unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE
)
Index(
    "ix_advance_request_live",
    advance_requests.c.book_id,
    advance_requests.c.status,
    # what waits for the bank is summed out of the index alone
    advance_requests.c.currency,
    advance_requests.c.face_minor,
    advance_requests.c.supplier_id,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)
# what waits for the bank's answer, in the order in which it was asked for
_ASKED = advance_requests.c.status == "requested"
Index(
    "ix_advance_request_asked",
    advance_requests.c.book_id,
    advance_requests.c.id,
    postgresql_where=_ASKED,
    sqlite_where=_ASKED,
)
# what a supplier waits for, summed out of the index alone
Index(
    "ix_advance_request_live_supplier",
    advance_requests.c.supplier_id,
    advance_requests.c.currency,
    advance_requests.c.face_minor,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)

# why the bank said no, for the supplier to read
declines = table(
    "request_decline",
    Column("request_id", BigInteger, ForeignKey("advance_request.id"), primary_key=True, autoincrement=False),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("reason", String(200), nullable=False),
    append_only=True,
)

advances = table(
    "advance",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("request_id", BigInteger, ForeignKey("advance_request.id"), nullable=False),
    Column("receivable_id", BigInteger, ForeignKey("receivable.id"), nullable=False),
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("anchor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("terms_id", BigInteger, ForeignKey("terms_document.id"), nullable=False),
    Column("ref", String(60), nullable=False),
    # bought, or lent against with full recourse
    Column("kind", String(10), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("advance_minor", BigInteger, nullable=False),
    Column("reserve_minor", BigInteger, nullable=False),
    Column("discount_minor", BigInteger, nullable=False),
    Column("fee_minor", BigInteger, nullable=False),
    Column("vat_minor", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("credited_on", Date, nullable=False),
    # when the anchor's money is due, rolled by the programme's calendar
    Column("due_on", Date, nullable=False),
    Column("tenor_days", Integer, nullable=False),
    # the discount is earned from the day after crediting up to this day
    Column("earns_to_on", Date, nullable=False),
    Column("proof", Text, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("receivable_id"),
    CheckConstraint(
        "advance_minor = discount_minor + fee_minor + vat_minor + net_minor"
        " AND reserve_minor + advance_minor = face_minor AND net_minor > 0",
        name="adds_up",
    ),
    CheckConstraint("kind IN ('bought', 'lent')", name="kind"),
    CheckConstraint("status IN ('funded', 'settled', 'repurchased', 'written_off')", name="status"),
    bulk_loaded=True,
)
Index("ix_advance_book_id_id", advances.c.book_id, advances.c.id)
Index("ix_advance_supplier_id_id", advances.c.supplier_id, advances.c.id)
# what was credited in the time of a statement
Index("ix_advance_supplier_id_credited_on", advances.c.supplier_id, advances.c.credited_on)
Index("ix_advance_earns_to_on", advances.c.book_id, advances.c.earns_to_on)
_FUNDED = advances.c.status == "funded"
# what is overdue, and what a book has out by the day it falls due, summed out of the index alone; the walls ask for the
# supplier
Index(
    "ix_advance_funded_due_on",
    advances.c.book_id,
    advances.c.due_on,
    advances.c.currency,
    advances.c.face_minor,
    advances.c.net_minor,
    advances.c.discount_minor,
    advances.c.fee_minor,
    advances.c.tenor_days,
    advances.c.anchor_id,
    advances.c.supplier_id,
    postgresql_where=_FUNDED,
    sqlite_where=_FUNDED,
)
# what money may be for, by the number that its payer gives
Index("ix_advance_funded_ref", advances.c.book_id, advances.c.ref, postgresql_where=_FUNDED, sqlite_where=_FUNDED)
Index(
    "ix_advance_funded_supplier",
    advances.c.supplier_id,
    advances.c.due_on,
    postgresql_where=_FUNDED,
    sqlite_where=_FUNDED,
)

assignments = table(
    "assignment",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    Column("from_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("to_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    # sold, or assigned as security for a loan
    Column("purpose", String(10), nullable=False),
    Column("agreement_id", BigInteger, ForeignKey("terms_document.id"), nullable=False),
    Column("agreed_at", UTCDateTime, nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("advance_id"),
    CheckConstraint("status IN ('agreed', 'notified', 'acknowledged', 'registered', 'released')", name="status"),
    bulk_loaded=True,
)
Index("ix_assignment_book_id_id", assignments.c.book_id, assignments.c.id)

dilutions = table(
    "dilution",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    Column("credit_note_id", BigInteger, ForeignKey("credit_note.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reserve_minor", BigInteger, nullable=False),
    Column("claim_minor", BigInteger, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("at", UTCDateTime, nullable=True),
    UniqueConstraint("credit_note_id"),
)
Index("ix_dilution_book_id_id", dilutions.c.book_id, dilutions.c.id)
Index("ix_dilution_advance_id", dilutions.c.advance_id)

claims = table(
    "claim",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("supplier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    Column("reason", String(10), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("claimed_on", Date, nullable=False),
    Column("claimed_at", UTCDateTime, nullable=True),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("reason IN ('dilution', 'recourse')", name="reason"),
    CheckConstraint("status IN ('open', 'paid')", name="status"),
)
Index("ix_claim_book_id_id", claims.c.book_id, claims.c.id)
Index("ix_claim_supplier_id_id", claims.c.supplier_id, claims.c.id)
_CLAIM_OPEN = claims.c.status == "open"
Index("ix_claim_open", claims.c.book_id, claims.c.supplier_id, postgresql_where=_CLAIM_OPEN, sqlite_where=_CLAIM_OPEN)

claim_payments = table(
    "claim_payment",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("claim_id", BigInteger, ForeignKey("claim.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    # set off against what the supplier was due, or paid in money
    Column("means", String(10), nullable=False),
    Column("value_date", Date, nullable=False),
    Column("paid_at", UTCDateTime, nullable=True),
    CheckConstraint("amount_minor > 0", name="positive"),
    CheckConstraint("means IN ('set_off', 'paid')", name="means"),
)
Index("ix_claim_payment_claim_id", claim_payments.c.claim_id)

# here, not with settlement: what is called of a receivable is no longer at risk with its anchor
guarantee_calls = table(
    "guarantee_call",
    id_column(),
    Column("book_id", BigInteger, ForeignKey("book.id"), nullable=False),
    Column("advance_id", BigInteger, ForeignKey("advance.id"), nullable=False),
    Column("guarantor_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("called_on", Date, nullable=False),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("advance_id"),
    CheckConstraint("status IN ('called', 'paid')", name="status"),
)
Index("ix_guarantee_call_book_id_id", guarantee_calls.c.book_id, guarantee_calls.c.id)
