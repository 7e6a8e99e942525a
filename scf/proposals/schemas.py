"""What the routes of four eyes take: proposals named by their ids."""

from scf.fields import Id, ItemSchema


def _id(proposal_id: int) -> int:
    return proposal_id


class DecisionSchema(ItemSchema):
    """A proposal to accept or to decline."""

    makes = staticmethod(_id)
    proposal_id = Id("pro", required=True)
