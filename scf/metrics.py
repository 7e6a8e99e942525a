"""What this process counts for Prometheus: commands and requests. What the database knows is asked when it is scraped.

Several workers of one server each count for themselves, in files of `PROMETHEUS_MULTIPROC_DIR`; whichever is asked
adds them up. Labels come from closed lists (names of commands, routes, methods), never from what people send.
"""

import os
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_commands = Counter("scf_commands", "Commands run, by what became of their batch.", ["command", "outcome"])
_command_seconds = Histogram("scf_command_seconds", "How long commands took.", ["command"], buckets=_SECONDS)
_items = Counter("scf_command_items", "Items of commands, accepted and refused.", ["command", "outcome"])
_requests = Counter("scf_http_requests", "HTTP requests answered.", ["route", "method", "status"])
_request_seconds = Histogram(
    "scf_http_request_seconds", "How long requests took.", ["route", "method"], buckets=_SECONDS
)


def observe_command(name: str, outcome: str, accepted: int, refused: int, seconds: float) -> None:
    """Count a command: `outcome` is done, part, refused or error."""
    _commands.labels(name, outcome).inc()
    _command_seconds.labels(name).observe(seconds)
    _items.labels(name, "accepted").inc(accepted)
    _items.labels(name, "refused").inc(refused)


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count an HTTP request; `route` is the rule it matched, never the path that was asked for."""
    _requests.labels(route, method, str(status)).inc()
    _request_seconds.labels(route, method).observe(seconds)


def registry(*collectors: Collector) -> CollectorRegistry:
    """What is to be shown: this server's counts, of all its workers, and what the collectors ask for."""
    found = CollectorRegistry()
    if os.environ.get(FOLDER_VARIABLE):
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        found.register(REGISTRY)
    for each in collectors:
        found.register(each)
    return found


def counting_folder(folder: Path) -> str:
    """Make the folder in which the workers of a server count, without what processes that are gone have left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        process = path.stem.rpartition("_")[2]
        if not (process.isdigit() and _is_alive(int(process))):
            path.unlink(missing_ok=True)
    return str(folder)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
