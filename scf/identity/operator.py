"""What only the operator does: its commands run in its own organisation, whatever permission others hold elsewhere."""

from scf.commands import Unit
from scf.identity import members_queries
from scf.outcomes import Outcome, refused


def is_operators(unit: Unit) -> bool:
    """True when a command runs for the operator's organisation, or by the platform itself."""
    return unit.actor.platform or unit.scope.id == members_queries.operator_id(unit.connection)


def not_the_operator() -> Outcome:
    """The refusal of anybody else."""
    return refused("not_the_operator", remedy="only the organisation that operates the platform does this")
