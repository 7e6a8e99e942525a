"""Which roles an organisation may give, and what a member's roles allow: pure rules."""

from collections.abc import Iterable, Mapping

from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE, Role

# the permissions each role carries, as the composition root gathered them from the manifests
Granted = Mapping[Role, frozenset[str]]


def roles_at(owns_book: bool, operates: bool) -> frozenset[Role]:
    """The roles there are in an organisation of a kind."""
    return EVERYWHERE | (AT_A_FUNDER if owns_book else frozenset()) | (AT_THE_OPERATOR if operates else frozenset())


def permissions_of(roles: Iterable[Role], granted: Granted) -> frozenset[str]:
    """What somebody with these roles may do: the union of what each allows."""
    return frozenset().union(*(granted.get(role, frozenset()) for role in roles))


def may_begin_alone(administrators_ever: int) -> bool:
    """True while an organisation has never had a second administrator, so that nobody could agree to anything.

    It looks at everybody who ever was one, not at who is one now: otherwise an administrator could suspend the other
    and then give out roles alone. Where all but one have left, the operator invites another.
    """
    return administrators_ever <= 1


def packed(roles: Iterable[Role]) -> str:
    """Roles as one text, in one order."""
    return " ".join(sorted(set(roles)))


def unpacked(text: str) -> tuple[Role, ...]:
    """The reverse of `packed`."""
    return tuple(Role(each) for each in text.split())
