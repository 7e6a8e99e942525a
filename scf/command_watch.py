"""One line in the log and one count a command: its name, where it acted, how many items, how many refused, how long.

What the items said is neither logged nor counted.
"""

from collections.abc import Callable, Sequence

from scf import logs, metrics
from scf.clock import seconds
from scf.errors import ScfError
from scf.outcomes import Outcome

log = logs.logger(__name__)


def watched(name: str, scope: str, item_count: int, work: Callable[[], list[Outcome]]) -> list[Outcome]:
    """What `work` gives, with the command logged and counted; its errors too."""
    started = seconds()
    try:
        outcomes = work()
    except Exception as error:
        took = seconds() - started
        metrics.observe_command(name, "error", 0, 0, took)
        tell = log.info if isinstance(error, ScfError) else log.error
        tell("command", command=name, scope=scope, items=item_count, error=type(error).__name__, ms=_ms(took))
        raise
    took, refused = seconds() - started, sum(not outcome.accepted for outcome in outcomes)
    metrics.observe_command(name, _became(outcomes, refused), len(outcomes) - refused, refused, took)
    log.info("command", command=name, scope=scope, items=item_count, refused=refused, ms=_ms(took))
    return outcomes


def _became(outcomes: Sequence[Outcome], refused: int) -> str:
    if not refused:
        return "done"
    return "refused" if refused == len(outcomes) else "part"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
