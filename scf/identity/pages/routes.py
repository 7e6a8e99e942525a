"""Every page of identity, and where their templates are."""

from pathlib import Path

from scf.identity.pages import account, keys, links, sign_in, sso

PAGES = (*sign_in.PAGES, *sso.PAGES, *links.PAGES, *account.PAGES, *keys.PAGES)
TEMPLATES = (Path(__file__).parent.parent / "templates",)
