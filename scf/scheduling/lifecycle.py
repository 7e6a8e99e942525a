"""The moves of a job; every other is refused."""

QUEUED = "queued"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"

MOVES: dict[str, frozenset[str]] = {
    QUEUED: frozenset({RUNNING, CANCELLED}),
    # back to waiting: it failed, what it needs is in other hands, or its worker stops
    RUNNING: frozenset({QUEUED, DONE, FAILED, CANCELLED}),
    DONE: frozenset(),
    # retried by people
    FAILED: frozenset({QUEUED}),
    CANCELLED: frozenset(),
}

LIVE = (QUEUED, RUNNING)
