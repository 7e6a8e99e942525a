"""References of payouts as banks carry them: the id in base 32, with a hyphen, since banks take no underscore."""

from scf import ids


def payout_ref(payout_id: int) -> str:
    """The end-to-end reference of a payout."""
    return ids.text("pay", payout_id).replace("_", "-")


def payout_id(ref: str) -> int | None:
    """The payout a reference names; None when it names none of ours."""
    if not ref.startswith("pay-"):
        return None
    try:
        return ids.parse(ref.replace("-", "_"))
    except ValueError:
        return None
