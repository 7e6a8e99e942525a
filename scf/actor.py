"""Who acts: a person or the platform itself, carrying the permissions that `scf.commands.run` checks."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the platform, id 0) acting for one organisation.

    `permissions` are names of commands (`factoring.approve`); the platform's own actor holds all of them and may
    act in every scope, which nobody else may. `name` is for messages: rows name people by id.
    """

    id: int
    name: str
    organisation_id: int
    permissions: frozenset[str] = field(default_factory=frozenset)
    platform: bool = False
    # a second factor was shown lately: commands marked `step_up` ask for it
    stepped_up: bool = False
    # acts for the operator: reads every book, writes in none of them
    operates: bool = False
    # what a session must have shown or set up before it may do anything: "factor", "enrolment", or nothing
    lacks: str = ""

    def may(self, permission: str) -> bool:
        """True when the actor holds the permission."""
        return self.platform or permission in self.permissions


PLATFORM = Actor(id=0, name="platform", organisation_id=0, platform=True)
