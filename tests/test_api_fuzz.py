"""The whole API against its own description: whatever the description allows is answered as it says, all checks on.

Every operation is called with examples, with all that its schema bounds, and with drawn values; then operations follow
each other, with what came of one as input to the next. Nobody is left out: there is no list of exclusions.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.serving import make_server

from scf.app import create_app
from scf.db.engine import open_engine
from scf.migrate import upgrade
from scf.roles import AT_A_FUNDER, EVERYWHERE
from scf.running import Running
from scf.sandbox import seed
from scf.sandbox.api import SANDBOX
from scf.sandbox.parties import Person
from scf.settings import read_settings
from wsgi import MODULES

EXAMPLES = 6
# somebody at each party who may do all that there is to do
PEOPLE = (
    Person("supplier", "supplier", "Sam", tuple(sorted(EVERYWHERE))),
    Person("anchor", "anchor", "Ann", tuple(sorted(EVERYWHERE))),
    Person("funder", "funder", "Fay", tuple(sorted(EVERYWHERE | AT_A_FUNDER))),
)
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# whose operations these are; all others are tried as the funder
PARTIES = {"/invoices": "supplier", "/requests": "supplier", "/payables": "anchor", "/confirmations": "anchor"}


@dataclass(frozen=True)
class Served:
    """A seeded site, and the keys of its people."""

    url: str
    book_id: str
    keys: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("fuzz")
    url = f"sqlite:///{folder / 'scf.db'}"
    chosen = {"SCF_DATABASE_URL": url, "SCF_VAR": str(folder), "SCF_SANDBOX": "1", "SCF_CALLS_PER_MINUTE": "1000000"}
    upgrade(open_engine(url))
    running = Running(read_settings(chosen), (*MODULES, SANDBOX))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(seed, "PEOPLE", PEOPLE)
        path = seed.seed(running.database, running.granted, folder)
    made = json.loads(path.read_text())
    keys = {name: person["key"] for name, person in made["people"].items()}
    server = make_server("127.0.0.1", 0, create_app(running), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", made["ids"]["book"], keys)
    server.shutdown()
    thread.join()
    running.database.engine.dispose()


def config(served: Served, *phases: str) -> SchemathesisConfig:
    """Everybody's credentials, a book that is there, and the phases that are to run; every check is on by default."""
    own = [
        {"include-path-regex": f"^/api/v1{subject}", "headers": bearer(served.keys[party])}
        for subject, party in PARTIES.items()
    ]
    return SchemathesisConfig.from_dict(
        {
            "parameters": {"path.book_id": served.book_id},
            "generation": {"max-examples": EXAMPLES, "deterministic": True},
            # moving the sandbox's clock runs up to 400 business days: slow, and no finding on a busy machine
            "request-timeout": 300.0,
            "headers": bearer(served.keys["funder"]),
            "operations": own,
            "phases": {phase: {"enabled": phase in phases} for phase in PHASES},
            "continue-on-failure": True,
        }
    )


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("phases", [("coverage",), ("examples", "fuzzing", "stateful")], ids="+".join)
def test_the_api_keeps_to_its_description(served: Served, phases: tuple[str, ...]) -> None:
    chosen = config(served, *phases)
    schema = schemathesis.openapi.from_url(f"{served.url}/api/openapi.json", config=chosen)
    found, seen = [], set()
    for event in from_schema(schema).execute():
        assert not isinstance(event, NonFatalError | FatalError), event
        if isinstance(event, ScenarioFinished):
            seen.add(event.label)
            found += [
                f"{event.label}: {node.failure_info.failure.title}: {node.failure_info.failure.message}"
                for nodes in event.recorder.checks.values()
                for node in nodes
                if node.failure_info is not None
            ]
    assert found == []
    assert len(seen) >= len(list(schema.get_all_operations())), "every operation was tried"
