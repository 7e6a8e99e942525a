"""The commands of identity, as the manifest takes them: those that run as they are, and those that take two people."""

from typing import Any

from scf.commands import Command
from scf.identity import begin, providers
from scf.identity.accept import ACCEPT
from scf.identity.credentials import CHANGE, RESET
from scf.identity.factors import ADD_PASSKEY, ADD_TOTP, REMOVE
from scf.identity.invitations import RESEND, WITHDRAW
from scf.identity.invite import BEGIN, INVITE, INVITE_ALONE, INVITE_BY_PEOPLE, RESCUE, RESCUE_BY_PEOPLE
from scf.identity.keys import MAKE
from scf.identity.keys_revoke import REVOKE
from scf.identity.members import GRANT, GRANT_BY_PEOPLE, TAKE, TAKE_BY_PEOPLE
from scf.identity.oidc_link import LINK
from scf.identity.open_book import OPEN_BOOK
from scf.identity.recovery import RENEW_CODES
from scf.identity.register import REGISTER
from scf.identity.sessions_end import END, END_OTHERS
from scf.identity.suspend import SUSPEND
from scf.proposals.four_eyes import FourEyes

SINGLE: tuple[Command[Any, Any, Any], ...] = (
    REGISTER, OPEN_BOOK, BEGIN, RESCUE, begin.BEGIN, INVITE, INVITE_ALONE, ACCEPT, RESEND, WITHDRAW, GRANT, TAKE,
    SUSPEND, MAKE, REVOKE, END, END_OTHERS, ADD_TOTP, ADD_PASSKEY, REMOVE, RENEW_CODES, CHANGE, RESET, LINK,
    providers.SET, providers.END,
)  # fmt: skip
CHECKED: tuple[FourEyes, ...] = (
    RESCUE_BY_PEOPLE, INVITE_BY_PEOPLE, GRANT_BY_PEOPLE, TAKE_BY_PEOPLE, providers.SET_BY_PEOPLE,
)  # fmt: skip
