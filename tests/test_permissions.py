"""Who may do what, as a whole: every command has one permission, every permission a use, every role's part is meant."""

from collections import Counter

from scf.module import Permission
from scf.roles import AT_THE_OPERATOR, Role
from scf.routes import PUBLIC, SIGNED_IN, SIGNING_IN, CommandRoute, EditRoute, Route
from wsgi import MODULES

COMMANDS = {command.name: command for module in MODULES for command in module.commands}
PERMISSIONS: dict[str, Permission] = {each.name: each for module in MODULES for each in module.permissions}
ROUTES: list[Route] = [route for module in MODULES for route in module.routes]

# a view whose route names another permission, or only that somebody is signed in, runs it or asks for it; a page does
WITHIN_A_VIEW = {"invoices.prepare", "invoices.upload_later", "keys.revoke_any", "keys.view_any"}
BANK = {"factoring", "limits", "receivables", "payments", "settlement", "ledger"}


def subject(name: str) -> str:
    return name.partition(".")[0]


def test_every_command_that_is_run_as_it_is_has_one_permission_and_a_checked_one_none() -> None:
    needed = {name for name, command in COMMANDS.items() if not command.checked}
    assert needed - PERMISSIONS.keys() == set()
    assert {name for name in PERMISSIONS if name in COMMANDS and COMMANDS[name].checked} == set()
    counts = Counter(each.name for module in MODULES for each in module.permissions)
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_permission_says_in_words_what_it_allows() -> None:
    assert [each.name for each in PERMISSIONS.values() if len(each.words) < 10 or each.words.endswith(".")] == []


def test_what_a_role_carries_can_be_called_and_what_none_does_cannot() -> None:
    called = {route.permission for route in ROUTES}
    routed = {route.command.name for route in ROUTES if isinstance(route, CommandRoute | EditRoute)}
    idle = {name for name, each in PERMISSIONS.items() if each.roles and name not in called}
    assert idle == WITHIN_A_VIEW
    assert {name for name in routed if not PERMISSIONS[name].roles} == set()


def test_nobody_accepts_by_the_role_that_proposes() -> None:
    """A member may have both roles; that nobody checks their own is the command's."""
    for name, each in PERMISSIONS.items():
        base, _, verb = name.rpartition(".")
        if verb == "accept" and f"{base}.propose" in PERMISSIONS and subject(name) in BANK:
            assert not each.roles & PERMISSIONS[f"{base}.propose"].roles, name


def test_the_operator_and_its_auditors_only_read_a_book() -> None:
    writing = {
        each.name
        for each in PERMISSIONS.values()
        if each.name in COMMANDS and subject(each.name) in BANK and each.roles & AT_THE_OPERATOR
    }
    assert writing == set()


def test_a_viewer_writes_nothing_of_a_bank() -> None:
    may = {name for name, each in PERMISSIONS.items() if Role.VIEWER in each.roles}
    assert {name for name in may & COMMANDS.keys() if subject(name) in BANK} == set()


def test_every_route_names_a_permission_that_is_declared() -> None:
    assert {route.permission for route in ROUTES} <= PERMISSIONS.keys() | {PUBLIC, SIGNED_IN, SIGNING_IN}
