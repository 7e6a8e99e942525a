"""To whom the rows of each table belong; on PostgreSQL as row-level security, the second wall behind the queries' own.

A transaction names for whom it reads: an organisation, or the platform itself (commands, jobs, the command line). An
organisation sees the rows that belong to it by one of the table's rules and writes nothing; who names nobody sees
nothing. The tables' owner, and so migrations and backups, stands outside the walls. They hold against a query that
forgot whom it reads for, not against somebody who can send SQL of their own under the program's role.
"""

from dataclasses import dataclass

# for whom commands and jobs read; no organisation has this id, and 0, which is nobody's, sees nothing
PLATFORM = -1


@dataclass(frozen=True, slots=True)
class Holder:
    """The column holds the organisation."""

    column: str


@dataclass(frozen=True, slots=True)
class OfBook:
    """The column holds a book of which the organisation is the funder."""

    column: str = "book_id"


@dataclass(frozen=True, slots=True)
class OfScope:
    """The column holds the organisation or a book of its own."""

    column: str = "scope_id"


@dataclass(frozen=True, slots=True)
class Through:
    """The row of `table` whose `key` equals `column` here is seen; with `by`, is the organisation's by these columns.

    It leads up to a parent, or down to a child (`column` is then "id"). `where` narrows the rows of `table` to those
    of a partial index.
    """

    column: str
    table: str
    key: str = "id"
    by: tuple[str, ...] = ()
    where: str = ""


Rule = Holder | OfBook | OfScope | Through

# what is a person's is seen where the person is a member
_OF_A_MEMBER = Through("person_id", "membership", "person_id", by=("organisation_id",))

# a party's own, and those to whom it consents to show its dossier
_SHOWN = Through(
    "organisation_id", "consent", "organisation_id", by=("to_id",), where="subject = 'dossier' AND status = 'given'"
)

# An anchor sees what it owes and what it promised, never what its suppliers took as advances, asked for, or pay.
WALLS: dict[str, tuple[Rule, ...]] = {
    # parties and their agreements: who is in one programme knows the others by name
    "organisation": (
        Holder("id"),
        Through("id", "enrolment", "supplier_id", by=("anchor_id", "book_id")),
        Through("id", "enrolment", "anchor_id", by=("supplier_id",)),
        Through("id", "programme", "anchor_id", by=("book_id",)),
        Through("id", "bank_account", "organisation_id", by=("book_id",), where="status = 'active'"),
        Through("id", "credit_limit", "holder_id", by=("book_id",)),
        Through("id", "book", "funder_id"),
    ),
    "book": (
        Holder("funder_id"),
        Through("id", "enrolment", "book_id", by=("supplier_id",)),
        Through("id", "programme", "book_id", by=("anchor_id",)),
    ),
    "programme": (OfBook(), Holder("anchor_id"), Through("id", "enrolment", "programme_id", by=("supplier_id",))),
    "enrolment": (OfBook(), Holder("supplier_id"), Holder("anchor_id")),
    "enrolment_terms": (Through("enrolment_id", "enrolment", by=("book_id", "supplier_id")),),
    "terms_document": (Through("id", "enrolment_terms", "terms_id"),),
    "master_agreement": (OfBook(), Holder("organisation_id")),
    "bank_account": (OfBook(), Holder("organisation_id")),
    "credit_limit": (OfBook(),),
    # people and their ways in; what a password hashes to and what is sent by mail nobody reads
    "person": (Holder("local_to_id"), Through("id", "membership", "person_id", by=("organisation_id",))),
    "membership": (Holder("organisation_id"),),
    "invitation": (Holder("organisation_id"),),
    "api_key": (Holder("organisation_id"),),
    "session": (Holder("organisation_id"),),
    "identity_provider": (Holder("organisation_id"),),
    "external_identity": (_OF_A_MEMBER,),
    "passkey": (_OF_A_MEMBER,),
    "totp": (_OF_A_MEMBER,),
    "recovery_code": (_OF_A_MEMBER,),
    "sign_in_attempt": (_OF_A_MEMBER,),
    "preference": (_OF_A_MEMBER,),
    "saved_filter": (Holder("organisation_id"),),
    "password": (),
    "mail_token": (),
    # what was signed
    "signature": (
        Holder("organisation_id"),
        Through("id", "consent", "signature_id", by=("to_id",)),
        Through("id", "terms_answer", "signature_id"),
        Through("id", "standing_instruction", "signature_id"),
    ),
    "consent": (Holder("organisation_id"), Holder("to_id")),
    "terms_answer": (Holder("organisation_id"), Through("enrolment_terms_id", "enrolment_terms")),
    "standing_instruction": (Holder("organisation_id"), Through("enrolment_id", "enrolment", by=("book_id",))),
    # who a party is; that and how it was screened it is not to know, by the law against money laundering
    "dossier": (Holder("organisation_id"), _SHOWN),
    "dossier_document": (Holder("organisation_id"), _SHOWN),
    "dossier_person": (Holder("organisation_id"), _SHOWN),
    "dossier_step": (Holder("organisation_id"), _SHOWN),
    "screening": (_SHOWN,),
    "account_check": (Holder("organisation_id"), _SHOWN),
    # the documents
    "invoice": (Holder("supplier_id"), Holder("anchor_id")),
    "upload": (Holder("supplier_id"),),
    "invoice_end": (Holder("supplier_id"), Through("invoice_id", "invoice")),
    "confirmation": (Holder("anchor_id"), Through("receivable_id", "receivable")),
    "dispute": (Holder("anchor_id"), Holder("supplier_id")),
    "dispute_message": (Through("dispute_id", "dispute"),),
    "receivable": (
        Holder("debtor_id"),
        Holder("creditor_id"),
        # whoever asked for an advance on it or was asked, whatever came of that
        Through("id", "advance", "receivable_id"),
        Through("id", "advance_request", "receivable_id"),
    ),
    "credit_note": (Holder("creditor_id"), Through("receivable_id", "receivable")),
    "file": (
        # the supplier's alone: a list names its other anchors too
        Through("sha256", "invoice", "file_sha256", by=("supplier_id",)),
        Through("sha256", "upload", "file_sha256"),
        Through("sha256", "statement", "sha256"),
        Through("sha256", "payment_file", "sha256"),
        Through("sha256", "signature", "document_sha256"),
        Through("sha256", "master_agreement", "document_sha256"),
        Through("sha256", "dossier_document", "sha256"),
    ),
    # the financing: the funder's and its supplier's
    "advance_request": (OfBook(), Holder("supplier_id")),
    "request_decline": (OfBook(), Holder("supplier_id")),
    "advance": (OfBook(), Holder("supplier_id")),
    "assignment": (OfBook(), Holder("from_id"), Holder("to_id")),
    "dilution": (OfBook(), Through("advance_id", "advance")),
    "claim": (OfBook(), Holder("supplier_id")),
    "claim_payment": (OfBook(), Through("claim_id", "claim")),
    "application": (OfBook(), Through("advance_id", "advance")),
    "late_charge": (OfBook(),),
    "loss": (OfBook(),),
    "guarantee_call": (OfBook(), Holder("guarantor_id")),
    # money
    "payout": (OfBook(), Holder("beneficiary_id")),
    "payment_file": (OfBook(),),
    "statement": (OfBook(),),
    "statement_entry": (OfBook(),),
    "collection": (OfBook(), Holder("payer_id")),
    # the funder's books
    "account": (OfBook(),),
    "journal": (OfBook(),),
    "posting": (OfBook(),),
    "account_day": (OfBook(),),
    "manual_journal": (OfBook(),),
    "day_step": (OfBook(),),
    "finding": (OfBook(),),
    # what was done
    "command_log": (OfScope(),),
    "audit_link": (OfScope(),),
    "proposal": (OfScope(),),
    "outbox": (OfScope(),),
    "job": (Holder("organisation_id"),),
    "notification": (Holder("organisation_id"),),
    "notification_seen": (Holder("organisation_id"),),
    # whom it tells, and how that went
    "webhook_endpoint": (Holder("organisation_id"),),
    "webhook_delivery": (Holder("organisation_id"),),
    "webhook_attempt": (Holder("organisation_id"),),
}

# tables that stand before the walls, and why
OPEN: dict[str, str] = {
    "node": "leases of processes; no party's",
    "tick": "when the scheduler last looked; no party's",
    "sandbox_clock": "what time it is in a sandbox, for everybody",
    "operator": "who operates the platform is no secret",
}


def rules_by(rule: Through) -> tuple[Rule, ...]:
    """The rules of the other table that `by` names; none: all of them."""
    found = {each.column: each for each in WALLS[rule.table]}
    return tuple(found[column] for column in rule.by) if rule.by else WALLS[rule.table]
