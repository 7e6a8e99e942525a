"""The limiter's storage: a caller's last minute is counted, what is over is forgotten, and strangers do not pile up."""

import threading

import pytest

from scf.web import windows
from scf.web.windows import Windows


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    shown = [1000.0]
    monkeypatch.setattr(windows, "_now", lambda: shown[0])
    return shown


def test_the_last_minute_counts_and_what_is_over_does_not(now: list[float]) -> None:
    counted = Windows()
    assert [counted.acquire_entry("a", 2, 60) for _ in range(3)] == [True, True, False]
    assert counted.acquire_entry("b", 2, 60), "somebody else"
    assert counted.get_moving_window("a", 2, 60) == (1000.0, 2)
    now[0] += 30
    assert not counted.acquire_entry("a", 2, 60)
    now[0] += 30
    assert counted.get_moving_window("a", 2, 60) == (1060.0, 0)
    assert counted.acquire_entry("a", 2, 60)


def test_a_call_that_was_refused_is_not_counted(now: list[float]) -> None:
    counted = Windows()
    assert not counted.acquire_entry("a", 2, 60, amount=3)
    assert counted.get("a") == 0


def test_who_does_not_come_back_is_forgotten(now: list[float]) -> None:
    counted = Windows()
    for n in range(900):
        counted.acquire_entry(f"stranger {n}", 5, 60)
    now[0] += 61
    for _ in range(200):
        counted.acquire_entry("regular", 1000, 60)
    assert counted.reset() == 1


def test_of_many_at_once_no_more_than_the_limit_come_in() -> None:
    counted = Windows()
    came: list[bool] = []
    threads = [
        threading.Thread(target=lambda: came.extend(counted.acquire_entry("a", 100, 60) for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came.count(True) == 100
