"""Who is told what: each kind of announcement with the permission that its reader must have."""

from collections.abc import Callable, Mapping

# every kind of `scf.announcements.KINDS`: who may read the things may know that something happened to them
AUDIENCE: Mapping[str, str] = {
    "invoice.submitted": "anchors.read",
    "invoice.confirmed": "invoices.read",
    "invoice.rejected": "invoices.read",
    "invoice.disputed": "disputes.read",
    "invoice.settled": "disputes.read",
    "dispute.answered": "disputes.read",
    "invoice.withdrawn": "anchors.read",
    "receivable.registered": "receivables.read",
    "receivable.credited": "receivables.read",
    "receivable.closed": "receivables.read",
    "advance_request.requested": "factoring.read",
    "advance_request.approved": "factoring.read",
    "advance_request.declined": "factoring.read",
    "advance_request.withdrawn": "factoring.read",
    "advance_request.expired": "factoring.read",
    "advance.funded": "factoring.read",
    "advance.diluted": "factoring.read",
    "advance.settled": "factoring.read",
    "advance.repurchased": "factoring.read",
    "advance.written_off": "factoring.read",
    "claim.opened": "factoring.read",
    "claim.paid": "factoring.read",
    "payout.sent": "payments.read",
    "payout.cleared": "payments.read",
    "payout.returned": "payments.read",
    "collection.received": "settlement.read",
    "limit.changed": "limits.read",
    "enrolment.made": "programmes.read",
    "terms.offered": "programmes.read_terms",
    "terms.consented": "programmes.read_terms",
    "terms.refused": "programmes.read_terms",
    "account.agreed": "payments.read",
    "dossier.moved": "dossiers.read",
    "dossier.review_due": "dossiers.read",
    "proposal.made": "proposals.read",
    "proposal.decided": "proposals.read",
    "proposal.withdrawn": "proposals.read",
    "job.ended": "jobs.read",
}


def kinds_for(may: Callable[[str], bool]) -> list[str]:
    """The kinds of which somebody may know, by what they may do."""
    return [kind for kind, permission in AUDIENCE.items() if may(permission)]
