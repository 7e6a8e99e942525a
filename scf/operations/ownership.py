"""What of each table is an organisation's own: the one place that says what goes into the export of who leaves.

A path leads from a row to the organisation: a column that names it, or columns from table to table; `<table.column`
goes the other way, to rows that refer to this one. What belongs to nobody, or may not be given, stands beside it with
the reason, and a table that stands nowhere fails a test. Confidentiality is here too: an anchor gets what it owes and
promised and nothing of what its suppliers take as advances; nobody gets what opens a door.
"""

from dataclasses import dataclass

BOOK = ("book_id", "funder_id")
# who acted for the other side is its own affair
_SIGNERS = frozenset({"maker_id", "checker_id"})
_DISPUTERS = frozenset({"opened_by_id", "settled_by_id"})
_WRITERS = frozenset({"written_by_id"})


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the export: rows of a table, why they are the organisation's, and the columns that are not."""

    table: str
    path: tuple[str, ...]
    words: str
    # of several parts of one table: what the organisation is to these rows
    role: str = ""
    hidden: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The file's name, without its ending."""
        return f"{self.table}_as_{self.role}" if self.role else self.table


def _of_book(table: str, words: str) -> Part:
    return Part(table, BOOK, f"{words}, of the books of which it is the funder", "funder")


_SUPPLIER = ("enrolment_id", "supplier_id")

PARTS: tuple[Part, ...] = (
    # itself and its people
    Part("organisation", ("id",), "the organisation itself"),
    Part("person", ("local_to_id",), "people met at its command line", "command_line"),
    Part("person", ("<membership.person_id", "organisation_id"), "people who are or were its members", "members"),
    Part("membership", ("organisation_id",), "who plays or played which part in it"),
    Part("invitation", ("organisation_id",), "whom it invited"),
    Part("identity_provider", ("organisation_id",), "where its people sign in", hidden=frozenset({"client_secret"})),
    Part("api_key", ("organisation_id",), "its keys, without what opens", hidden=frozenset({"secret_hash"})),
    Part(
        "webhook_endpoint", ("organisation_id",), "where it is told what happens, without what signs",
        hidden=frozenset({"secret", "old_secret", "old_secret_to_at"}),
    ),
    Part("webhook_delivery", ("organisation_id",), "what it was told"),
    Part("webhook_attempt", ("organisation_id",), "how the telling went"),
    Part("job", ("organisation_id",), "work it asked for", hidden=frozenset({"payload", "error"})),
    Part("notification", ("organisation_id",), "what its people were told of on the screen"),
    Part("notification_seen", ("organisation_id",), "how far each of its people had seen it"),
    Part("saved_filter", ("organisation_id",), "the filters that its people keep"),
    # agreements
    Part("book", ("funder_id",), "its books"),
    _of_book("programme", "programmes"),
    Part("programme", ("anchor_id",), "programmes whose anchor it is", "anchor"),
    Part("programme", ("<enrolment.programme_id", "supplier_id"), "programmes it takes part in", "supplier"),
    _of_book("enrolment", "enrolments"),
    Part("enrolment", ("supplier_id",), "its enrolments", "supplier"),
    Part("enrolment_terms", ("enrolment_id", *BOOK), "versions of the terms it granted", "funder"),
    Part("enrolment_terms", _SUPPLIER, "versions of its terms", "supplier"),
    Part("terms_document", ("<enrolment_terms.terms_id", "enrolment_id", *BOOK), "terms it granted", "funder"),
    Part("terms_document", ("<enrolment_terms.terms_id", *_SUPPLIER), "its terms, word for word", "supplier"),
    Part(
        "terms_answer", ("enrolment_terms_id", "enrolment_id", *BOOK), "what suppliers answered to its terms", "funder",
        frozenset({"answered_by_id"}),
    ),
    Part("terms_answer", ("organisation_id",), "what it answered to terms", "supplier"),
    Part("standing_instruction", ("enrolment_id", *BOOK), "instructions it works by", "funder"),
    Part("standing_instruction", ("organisation_id",), "its standing instructions", "supplier"),
    _of_book("master_agreement", "master agreements"),
    Part(
        "master_agreement", ("organisation_id",), "its master agreements", "party",
        frozenset({"offered_by_id"}),
    ),
    Part("signature", ("organisation_id",), "what it signed"),
    Part("consent", ("organisation_id",), "consents it gave", "giver"),
    Part("consent", ("to_id",), "consents given to it", "receiver"),
    Part("dossier", ("organisation_id",), "its dossier"),
    Part("dossier_document", ("organisation_id",), "the documents of its dossier"),
    Part("dossier_person", ("organisation_id",), "the people it named"),
    Part("dossier_step", ("organisation_id",), "how its dossier moved, and why", hidden=frozenset({"actor_id"})),
    Part("account_check", ("organisation_id",), "the accounts it gave", hidden=frozenset({"code_hash"})),
    _of_book("bank_account", "accounts agreed"),
    Part("bank_account", ("organisation_id",), "its accounts", "holder"),
    _of_book("credit_limit", "limits"),
    # documents
    Part("invoice", ("supplier_id",), "invoices it sent", "supplier"),
    Part(
        "invoice", ("anchor_id",), "invoices it received", "anchor",
        # the file may hold what its supplier sent to others
        frozenset({"file_sha256", "file_row", "submitted_by_id"}),
    ),
    Part("upload", ("supplier_id",), "files it sent", "supplier"),
    Part("invoice_end", ("supplier_id",), "why invoices it sent ended", "supplier"),
    Part("invoice_end", ("invoice_id", "anchor_id"), "why invoices it received ended", "anchor"),
    Part("confirmation", ("anchor_id",), "what it promised to pay", "anchor"),
    Part("confirmation", ("invoice_id", "supplier_id"), "what its anchors promised to pay", "supplier", _SIGNERS),
    Part(
        "confirmation", ("receivable_id", "<advance.receivable_id", *BOOK), "promises its advances rest on", "funder",
        _SIGNERS,
    ),
    Part("dispute", ("anchor_id",), "what it disputed", "anchor"),
    Part("dispute", ("supplier_id",), "what its anchors disputed", "supplier", _DISPUTERS),
    Part("dispute_message", ("dispute_id", "anchor_id"), "what was written about what it disputed", "anchor", _WRITERS),
    Part("dispute_message", ("organisation_id",), "what it wrote about disputes", "writer"),
    Part(
        "dispute_message", ("dispute_id", "supplier_id"), "what was written about what its anchors disputed",
        "supplier", _WRITERS,
    ),
    Part("receivable", ("creditor_id",), "what it is owed, or was", "creditor"),
    # its status would tell whether somebody funded it
    Part("receivable", ("debtor_id",), "what it owes, or owed", "debtor", frozenset({"status", "version", "ended_at"})),
    Part("receivable", ("<advance.receivable_id", *BOOK), "receivables it funded", "funder"),
    Part("credit_note", ("creditor_id",), "credit notes it gave", "creditor"),
    # its status would tell whether somebody funded what it credits
    Part(
        "credit_note", ("receivable_id", "debtor_id"), "credit notes it received", "debtor",
        frozenset({"status", "version"}),
    ),
    Part("credit_note", ("receivable_id", "<advance.receivable_id", *BOOK), "of receivables it funded", "funder"),
    # the financing: the funder's and its supplier's
    Part(
        "advance_request", BOOK, "requests, of the books of which it is the funder", "funder",
        frozenset({"requested_by_id", "withdrawn_by_id"}),
    ),
    Part("advance_request", ("supplier_id",), "advances it asked for", "supplier", frozenset({"decided_by_id"})),
    _of_book("request_decline", "why requests were declined"),
    Part("request_decline", ("supplier_id",), "why advances were not given to it", "supplier"),
    _of_book("advance", "advances with the proof of their price"),
    Part("advance", ("supplier_id",), "its advances with the proof of their price", "supplier"),
    _of_book("assignment", "assignments"),
    Part("assignment", ("from_id",), "what it assigned", "assignor"),
    _of_book("dilution", "dilutions"),
    Part("dilution", ("advance_id", "supplier_id"), "dilutions of its advances", "supplier"),
    _of_book("claim", "claims"),
    Part("claim", ("supplier_id",), "what it owes by recourse or dilution", "supplier"),
    _of_book("claim_payment", "payments of claims"),
    Part("claim_payment", ("claim_id", "supplier_id"), "what it paid of them", "supplier"),
    _of_book("application", "what collections were set against"),
    Part(
        "application", ("advance_id", "supplier_id"), "what was paid on its advances", "supplier",
        frozenset({"guarantor_minor"}),
    ),
    _of_book("late_charge", "late charges"),
    _of_book("loss", "impairments, write-offs and recoveries"),
    _of_book("guarantee_call", "guarantees called"),
    Part("guarantee_call", ("guarantor_id",), "guarantees called on it", "guarantor"),
    # money
    _of_book("payout", "payouts"),
    Part("payout", ("beneficiary_id",), "what it was paid", "beneficiary"),
    _of_book("payment_file", "files to the bank"),
    _of_book("statement", "statements of the bank"),
    _of_book("statement_entry", "their entries"),
    _of_book("collection", "collections"),
    Part("collection", ("payer_id",), "what it paid", "payer"),
    # the funder's books
    _of_book("account", "accounts"),
    _of_book("journal", "journals"),
    _of_book("posting", "postings"),
    _of_book("manual_journal", "journals entered by hand"),
    _of_book("account_day", "totals of closed days"),
    _of_book("day_step", "what each business day did"),
    _of_book("finding", "what the nightly checks found"),
    # what was done
    Part("command_log", ("scope_id",), "what was done in its name, with the outcomes"),
    Part("command_log", ("scope_id", "funder_id"), "what was done in its books, with the outcomes", "funder"),
    Part("audit_link", ("scope_id",), "the audit chain over what was done in its name"),
    Part("audit_link", ("scope_id", "funder_id"), "the audit chains of its books", "funder"),
    Part("proposal", ("scope_id",), "what was proposed, and who agreed"),
    Part("proposal", ("scope_id", "funder_id"), "what was proposed in its books, and who agreed", "funder"),
)  # fmt: skip

# the stored files that are its own: those that it brought, or that its bank exchanged
FILES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("invoice", "file_sha256", ("supplier_id",)),
    ("upload", "file_sha256", ("supplier_id",)),
    ("signature", "document_sha256", ("organisation_id",)),
    ("master_agreement", "document_sha256", ("organisation_id",)),
    ("master_agreement", "document_sha256", BOOK),
    ("dossier_document", "sha256", ("organisation_id",)),
    ("payment_file", "sha256", BOOK),
    ("statement", "sha256", BOOK),
)

# columns that name an organisation to whom the rows are not given all the same
WITHHELD: dict[tuple[str, str], str] = {
    ("advance_request", "anchor_id"): "what its suppliers asked to be financed is theirs to tell",
    ("enrolment", "anchor_id"): "which of its suppliers take advances is theirs to tell",
    ("advance", "anchor_id"): "an anchor does not see its suppliers' financing",
    ("assignment", "to_id"): "the buyer is the funder, who has it by its book",
}

LEFT_OUT: dict[str, str] = {
    "node": "leases of processes",
    "screening": "the law against money laundering forbids to tell a party that and how it was screened",
    "tick": "the scheduler's",
    "sandbox_clock": "the sandbox's",
    "operator": "which organisation operates the platform",
    "outbox": "messages on their way; what they told stands in the rows they tell of",
    "file": "given as the files themselves, in the folder files/",
    "preference": "how screens speak to a person, wherever they act",
    "password": "a credential of a person",
    "totp": "a credential of a person",
    "passkey": "a credential of a person",
    "recovery_code": "a credential of a person",
    "mail_token": "a credential of a person",
    "session": "a credential of a person",
    "external_identity": "a credential of a person",
    "sign_in_attempt": "the platform's guard against guessing, of accounts as they were typed",
}

# columns that name an organisation wherever they stand
OWNER_COLUMNS = frozenset(
    {
        "organisation_id", "supplier_id", "anchor_id", "funder_id", "debtor_id", "creditor_id", "guarantor_id",
        "beneficiary_id", "payer_id", "from_id", "to_id", "local_to_id", "book_id", "scope_id",
    }
)  # fmt: skip
