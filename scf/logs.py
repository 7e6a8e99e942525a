"""What is logged: one line an event on standard error, as JSON for machines or readable on a terminal, no secrets.

The standard library's loggers go through it, ours (`logging.getLogger(__name__)`) and those of every package alike.
A web request binds its id, its organisation and its actor once, and every line written meanwhile bears them.
"""

import logging
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from structlog.types import Processor

from scf.redaction import redact

_OURS = "scf"
_BOUND = ("request_id", "organisation_id", "actor_id")


class _StandardError(logging.Handler):
    """Writes to what standard error is now, not to what it was when logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # a line that cannot be written must not stop the work it tells of
            self.handleError(record)


def configure(form: str, level: int = logging.INFO) -> None:
    """Log from now on as `form` says: json, console, auto (console on a terminal, else json) or off."""
    handler: logging.Handler = logging.NullHandler() if form == "off" else _StandardError()
    handler.set_name(_OURS)
    handler.setFormatter(_formatter(form))
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if each.name != _OURS), handler]
    root.setLevel(level)
    for talkative in ("apscheduler", "alembic"):  # every tick, and every start: no news
        logging.getLogger(talkative).setLevel(max(level, logging.WARNING))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines have fields of their own: `log.info("command", name=…, ms=…)`."""
    through = [structlog.stdlib.filter_by_level, *_ENRICH, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    bound: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name), processors=through, wrapper_class=structlog.stdlib.BoundLogger
    )
    return bound


def bind(*, request_id: str = "", organisation_id: int | None = None, actor_id: int | None = None) -> None:
    """Let every line of this request bear these; what is not given stays as it was."""
    given = {"request_id": request_id or None, "organisation_id": organisation_id, "actor_id": actor_id}
    structlog.contextvars.bind_contextvars(**{name: value for name, value in given.items() if value is not None})


def clear() -> None:
    """Forget what was bound: a worker's thread serves somebody else next."""
    structlog.contextvars.unbind_contextvars(*_BOUND)


_ENRICH: Sequence[Processor] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def _formatter(form: str) -> logging.Formatter:
    eyes = form == "console" or (form == "auto" and sys.stderr.isatty())
    render: list[Processor] = [structlog.processors.format_exc_info, redact]
    if eyes:
        render.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), event_key="event"))
    else:
        render.append(structlog.processors.JSONRenderer(sort_keys=True, default=str))
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_ENRICH,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
    )


def server_logging() -> dict[str, Any]:
    """The web server's own lines through the same way: its dictionary for `logging.config`."""
    through: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {},
        "handlers": {},
        "loggers": {"_granian": dict(through), "granian.access": dict(through)},
    }
