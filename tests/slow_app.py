"""A web app that takes its time and counts, for the platform's own `serve` to be stopped and asked under."""

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import generate_latest

from scf import cli, metrics

TAKES = {"/slow": 1.5, "/endless": 600}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer after as long as the path says; `/metrics` shows what all workers have counted."""
    path = environ["PATH_INFO"]
    time.sleep(TAKES.get(path, 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/metrics":
        return [generate_latest(metrics.registry())]
    metrics.observe_request(path, "GET", 200, 0.01)
    return [b"answered"]


if __name__ == "__main__":
    cli.STOP_SECONDS = int(sys.argv.pop(1))
    cli.build_cli("slow_app:app", (), ())()
