"""What may be done about parties, members and one's own ways of signing in, and the roles that carry it."""

from scf.module import Permission
from scf.roles import Role

_ALL = frozenset(Role)
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_OPERATOR = frozenset({Role.OPERATOR})
_WATCHING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_NOBODY: frozenset[Role] = frozenset()


def _checked(name: str, words: str, roles: frozenset[Role]) -> tuple[Permission, ...]:
    """The permissions around a command that takes two people."""
    return (
        Permission(f"{name}.propose", f"propose to {words}", roles),
        Permission(f"{name}.accept", f"agree to {words}", roles),
        Permission(f"{name}.decline", f"decline to {words}", roles),
        Permission(f"{name}.withdraw", f"withdraw one's own proposal to {words}", roles),
    )


PERMISSIONS = (
    Permission("organisations.register", "register an organisation", _OPERATOR),
    Permission("books.open", "open a funder's book", _OPERATOR),
    Permission("organisations.begin", "invite an organisation's first administrator", _OPERATOR),
    *_checked("organisations.rescue", "invite an administrator to an organisation that had some", _OPERATOR),
    Permission("platform.begin", "make the operator's organisation", _NOBODY),
    Permission("members.view", "see the members", _WATCHING),
    Permission("invitations.view", "see the invitations", _WATCHING),
    Permission("members.invite_alone", "invite somebody while there is but one administrator", _ADMINISTRATOR),
    *_checked("members.invite", "invite somebody", _ADMINISTRATOR),
    *_checked("members.grant", "give a member a role", _ADMINISTRATOR),
    *_checked("members.take", "take a role from a member", _ADMINISTRATOR),
    Permission("members.suspend", "suspend a member at once", _ADMINISTRATOR),
    Permission("members.accept", "accept an invitation", _NOBODY),
    Permission("invitations.resend", "send an invitation again", _ADMINISTRATOR),
    Permission("invitations.withdraw", "withdraw an invitation", _ADMINISTRATOR),
    *_checked("providers.set", "sign members in by an identity provider", _ADMINISTRATOR),
    Permission("providers.end", "stop signing members in by the identity provider", _ADMINISTRATOR),
    Permission("members.link", "be known by what an identity provider says", _NOBODY),
    Permission("providers.view", "see the identity provider", _WATCHING),
    Permission("keys.make", "make an API key of one's own", _ALL),
    Permission("keys.revoke", "revoke an API key of one's own", _ALL),
    Permission("keys.revoke_any", "revoke any member's API key", _ADMINISTRATOR),
    Permission("keys.view", "see one's own API keys", _ALL),
    Permission("keys.view_any", "see every member's API keys", _WATCHING),
    Permission("sessions.view", "see one's own sessions", _ALL),
    Permission("sessions.end", "end a session of one's own", _ALL),
    Permission("sessions.end_others", "end every other session of one's own", _ALL),
    Permission("factors.view", "see one's own second factors", _ALL),
    Permission("factors.add_totp", "enrol an authenticator app", _ALL),
    Permission("factors.add_passkey", "enrol a passkey", _ALL),
    Permission("factors.remove", "remove a second factor", _ALL),
    Permission("factors.renew_codes", "make new recovery codes", _ALL),
    Permission("passwords.change", "change one's own password", _ALL),
    Permission("passwords.reset", "set a password anew by a mailed link", _NOBODY),
)

# all that may be done before a factor is there, by those whose roles ask for one
TO_ENROL = frozenset({"factors.view", "factors.add_totp", "factors.add_passkey", "sessions.view", "sessions.end"})

# what signs somebody in, whichever organisation they act for
OF_ONES_OWN = frozenset(
    {
        "factors.add_totp",
        "factors.add_passkey",
        "factors.remove",
        "factors.renew_codes",
        "passwords.change",
    }
)

# what no API key may do: come to hold what lasts longer than itself
NOT_BY_KEY = OF_ONES_OWN | {"keys.make", "sessions.end", "sessions.end_others"}
