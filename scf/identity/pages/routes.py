"""Every page and list of identity, their menu, and where their templates are."""

from pathlib import Path

from scf.identity.pages import account, everybodys_keys, keys, links, members, proposals, sign_in, sso
from scf.screens import Desk, MenuEntry
from scf.web.words import N_

PAGES = (
    *sign_in.PAGES,
    *sso.PAGES,
    *links.PAGES,
    *account.PAGES,
    *keys.PAGES,
    *members.PAGES,
    *everybodys_keys.PAGES,
)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
TABLES = proposals.TABLES
MENU = (MenuEntry(Desk.EVERYONE, N_("Your organisation"), members.PATH, members.READ, "building"), proposals.ENTRY)
