"""One idempotency key used by many at once, over HTTP: one effect, and one answer to all who asked for the same."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller
from bank_site import BankSite, open_bank
from sqlalchemy import func, select
from world import World

from scf.command_log import command_logs
from scf.factoring.models import advances
from scf.proposals.models import proposals
from scf.roles import Role

CLIENTS = 8
KEY = "the-same-for-all"

Body = Mapping[str, Any]


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def at_once(callers: Sequence[ApiCaller], path: str, bodies: Sequence[Body]) -> list[tuple[int, Any]]:
    """Each caller posts its body under the one key, all at the same moment; status and JSON of each answer."""
    ready = threading.Barrier(len(callers))
    answers: list[tuple[int, Any]] = []

    def post(caller: ApiCaller, body: Body) -> None:
        headers = {**caller.headers, "Idempotency-Key": KEY}
        ready.wait(60)
        answer = caller.client.post(f"/api/v1{path}", json=body, headers=headers)
        answers.append((answer.status_code, answer.json))

    threads = [threading.Thread(target=post, args=pair) for pair in zip(callers, bodies, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def rows_of(bank: BankSite, table: Any, *where: Any) -> int:
    with bank.world.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def several(bank: BankSite, role: Role) -> list[ApiCaller]:
    """One person in many clients."""
    somebody = bank.bank(role)
    return [ApiCaller(bank.site.app.test_client(), somebody.headers) for _ in range(CLIENTS)]


def test_what_nothing_else_makes_unique_is_done_once_and_answered_alike(bank: BankSite) -> None:
    body = {"items": [{"request_id": bank.request("INV-1")}]}
    path = f"{bank.book}/requests/approve/propose"
    answers = at_once(several(bank, Role.CREDIT_OFFICER), path, [body] * CLIENTS)
    statuses = Counter(status for status, _ in answers)
    assert statuses == {200: CLIENTS}, answers
    assert all(answer == answers[0][1] for _, answer in answers)
    assert answers[0][1]["accepted_count"] == 1
    assert rows_of(bank, proposals, proposals.c.command == "factoring.approve") == 1
    assert rows_of(bank, command_logs, command_logs.c.key == f"api/{KEY}") == 1


def test_money_goes_out_once_however_many_ask_at_once(bank: BankSite) -> None:
    request_id = bank.request("INV-1")
    bank.agreed("/requests/approve", {"request_id": request_id})
    body = {"items": [{"request_id": request_id}]}
    answers = at_once(several(bank, Role.OPERATIONS), f"{bank.book}/requests/fund", [body] * CLIENTS)
    assert Counter(status for status, _ in answers) == {200: CLIENTS}, answers
    assert {outcome["id"] for _, answer in answers for outcome in answer["outcomes"] if outcome["accepted"]} == {
        answers[0][1]["outcomes"][0]["id"]
    }
    assert rows_of(bank, advances) == 1
    payouts = bank.bank(Role.VIEWER).get(f"{bank.book}/payouts")["items"]
    assert len(payouts) == 1


def test_of_different_bodies_under_one_key_one_is_done_and_the_others_are_a_conflict(bank: BankSite) -> None:
    bodies = [{"items": [{"request_id": bank.request(f"INV-{n}", f"{n},000.00")}]} for n in range(1, CLIENTS + 1)]
    path = f"{bank.book}/requests/approve/propose"
    answers = at_once(several(bank, Role.CREDIT_OFFICER), path, bodies)
    assert Counter(status for status, _ in answers) == {200: 1, 409: CLIENTS - 1}, answers
    assert {answer["code"] for status, answer in answers if status == 409} == {"key_conflict"}
    assert rows_of(bank, proposals, proposals.c.command == "factoring.approve") == 1
