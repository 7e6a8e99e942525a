"""What each status means to a supplier, and what happens next: one table, complete by a test. Pure words."""

from collections.abc import Mapping
from typing import NamedTuple

from scf.web.words import N_


class Step(NamedTuple):
    """What a status means, and what comes after it."""

    means: str
    next: str


INVOICE: Mapping[str, Step] = {
    "draft": Step(N_("You keep it back; your anchor does not see it."), N_("Submit it, or withdraw it.")),
    "submitted": Step(
        N_("Your anchor has it, and has not said yet whether it will pay."),
        N_("Your anchor confirms or rejects it; until then you may withdraw it."),
    ),
    "disputed": Step(
        N_("Your anchor says that something is wrong with it."),
        N_("Answer in the dispute; when that is settled the invoice goes on or is rejected."),
    ),
    "confirmed": Step(
        N_("Your anchor has promised to pay it: it has become a receivable."),
        N_("Take an offer and be paid early, or wait for the due date."),
    ),
    "rejected": Step(
        N_("Your anchor will not pay it as it is; the reason stands beside it."),
        N_("Correct it and upload it again."),
    ),
    "withdrawn": Step(N_("You took it back."), N_("Nothing; a corrected one may be uploaded.")),
}
RECEIVABLE: Mapping[str, Step] = {
    "open": Step(
        N_("Your anchor owes you the money, and nobody has financed it."),
        N_("Take an offer, or wait until your anchor pays you on the due date."),
    ),
    "funded": Step(
        N_("A funder has advanced money on it, and collects it from your anchor."),
        N_("When your anchor has paid, what was held back is released to you."),
    ),
    "settled": Step(N_("Your anchor has paid the funder in full."), N_("Nothing; it is over.")),
    "returned": Step(
        N_("It came back to you, because your anchor did not pay the funder."),
        N_("Collect it from your anchor; what you owe the funder stands under claims."),
    ),
    "written_off": Step(
        N_("The funder no longer expects your anchor to pay."),
        N_("Nothing for you to do, unless you agreed to answer for your anchor."),
    ),
    "cancelled": Step(N_("Credit notes have taken all of it before anybody financed it."), N_("Nothing; it is over.")),
    "closed": Step(N_("Your anchor has paid you; nobody financed it."), N_("Nothing; it is over.")),
}
REQUEST: Mapping[str, Step] = {
    "requested": Step(
        N_("The bank has your request, and has not answered yet."),
        N_("It is approved or declined; until then you may take it back."),
    ),
    "approved": Step(N_("The bank has said yes."), N_("The money is paid out with the bank's next payments.")),
    "declined": Step(
        N_("The bank has said no; the reason stands beside it."),
        N_("Ask again when the reason is gone; your anchor still pays on the due date."),
    ),
    "withdrawn": Step(N_("You took your request back."), N_("Nothing; you may ask again.")),
    "expired": Step(
        N_("The due date came before the money, or a credit note took the receivable."),
        N_("Your anchor pays what is open on the due date."),
    ),
    "funded": Step(N_("The advance is made."), N_("Follow the money under payouts.")),
}
ADVANCE: Mapping[str, Step] = {
    "funded": Step(
        N_("You have been paid early, or the payment is on its way."),
        N_("Your anchor pays the funder on the due date; then what was held back is released to you."),
    ),
    "settled": Step(N_("Your anchor has paid the funder in full."), N_("Nothing; it is over.")),
    "repurchased": Step(N_("You had to take the receivable back."), N_("What you owe the funder stands under claims.")),
    "written_off": Step(
        N_("The funder no longer expects your anchor to pay."), N_("Nothing; the loss is the funder's.")
    ),
}
PAYOUT: Mapping[str, Step] = {
    "instructed": Step(N_("The bank is to pay you."), N_("It goes out with the next file of payments.")),
    "sent": Step(N_("The payment has gone to the bank."), N_("The bank says when it is booked.")),
    "cleared": Step(N_("The bank has booked it: the money is yours."), N_("Nothing; it is over.")),
    "returned": Step(
        N_("The money came back: the account could not be paid."),
        N_("Have your bank account corrected; then the funder pays again."),
    ),
    "unknown": Step(N_("The bank did not answer."), N_("It is asked again; nothing is paid twice.")),
}
CLAIM: Mapping[str, Step] = {
    "open": Step(
        N_("You owe the funder this, because the face fell after it was advanced or your anchor did not pay."),
        N_("It is set off against the next money that is due to you, or you pay it."),
    ),
    "paid": Step(N_("Nothing of it is left."), N_("Nothing; it is over.")),
}
CREDIT_NOTE: Mapping[str, Step] = {
    "received": Step(
        N_("It lowers a receivable that is financed already."), N_("The funder books what it costs, and from what.")
    ),
    "applied": Step(N_("It has lowered what your anchor owes."), N_("Nothing; it is over.")),
    "refused": Step(N_("Nothing was open that it could lower."), N_("Settle it with your anchor directly.")),
}

# in the order in which money moves, by the words for what it is
OBJECTS: Mapping[str, Mapping[str, Step]] = {
    N_("Invoices"): INVOICE,
    N_("Receivables"): RECEIVABLE,
    N_("Advance requests"): REQUEST,
    N_("Advances"): ADVANCE,
    N_("Payouts"): PAYOUT,
    N_("Claims"): CLAIM,
    N_("Credit notes"): CREDIT_NOTE,
}
