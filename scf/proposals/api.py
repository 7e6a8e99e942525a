"""The three routes of a command that needs two people, and the permissions to call them."""

from collections.abc import Mapping

from marshmallow import Schema

from scf.module import Permission
from scf.proposals.four_eyes import FourEyes
from scf.proposals.schemas import DecisionSchema
from scf.roles import Role
from scf.routes import CommandRoute


def four_eyes_routes(
    path: str, commands: FourEyes, schema: type[Schema], prefix: str, what: str, facts: Mapping[str, str]
) -> tuple[CommandRoute, ...]:
    """`PATH/propose`, `PATH/accept` and `PATH/decline`; `what` is done says their summaries."""
    return (
        CommandRoute(f"{path}/propose", commands.propose, schema, "pro", f"Propose to {what}."),
        CommandRoute(f"{path}/accept", commands.accept, DecisionSchema, prefix, f"Agree to {what}.", facts),
        CommandRoute(f"{path}/decline", commands.decline, DecisionSchema, "pro", f"Decline to {what}."),
    )


def four_eyes_permissions(
    commands: FourEyes, what: str, makers: frozenset[Role], checkers: frozenset[Role]
) -> tuple[Permission, ...]:
    """The permissions of those routes: who may propose, and who may decide."""
    return (
        Permission(commands.propose.name, f"propose to {what}", makers),
        Permission(commands.accept.name, f"accept, as another, to {what}", checkers),
        Permission(commands.decline.name, f"decline, as another, to {what}", checkers),
    )
