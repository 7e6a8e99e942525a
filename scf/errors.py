"""Errors that stop a whole command or a whole file.

A refusal of one item is never an error: it is a value, see `scf.outcomes`.
"""


class ScfError(Exception):
    """Base of everything this platform raises on purpose; its text is meant for people."""


class SettingsError(ScfError):
    """The environment is not fit to start: says which setting, and what to do."""


class FieldError(ScfError):
    """One value is wrong: `field` names it, `message` says why and what would do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class PageUnknown(ScfError):
    """A cursor names no place of the list it was given to."""


class CommandError(ScfError):
    """A command as a whole could not run; nothing was written."""


class PermissionMissing(CommandError):
    """The actor lacks the permission, or the scope is not the actor's."""


class StepUpNeeded(CommandError):
    """The command wants a second factor that was shown lately."""


class BatchSizeError(CommandError):
    """The batch is empty or larger than the command takes."""


class KeyConflict(CommandError):
    """The idempotency key was used before with another input."""


class StaleWrite(CommandError):
    """A guarded status move met rows that were not as they had been read."""


class LedgerError(ScfError):
    """A posting that the rules do not allow was asked for: a bug, never a user's mistake."""


class FileRefused(ScfError):
    """A file is refused as a whole; the text says why and what to send instead."""
