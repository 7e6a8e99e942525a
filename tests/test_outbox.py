"""The outbox's promises: a failed message waits as long as it says, is given up when it says so, and blocks none."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from first_rows import register
from hooks import Hooks
from sqlalchemy import Row

from scf import outbox
from scf.clock import SetClock
from scf.db.engine import Database
from scf.outbox import GiveUp, Message, TryLater, deliver_due


class Post:
    """Deliveries that fail as they are told, by the message's name."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen: list[str] = []
        self.fails: dict[str, Exception] = {}

    def put(self, *names: str, kind: str = "letter") -> None:
        with self.database.engine.begin() as connection:
            messages = [Message(kind, {"name": name}) for name in names]
            outbox.add(connection, self.database.ids(), 1, messages, self.database.clock.now())

    def deliver(self, payload: Mapping[str, Any]) -> None:
        self.seen.append(payload["name"])
        if payload["name"] in self.fails:
            raise self.fails[payload["name"]]

    def go(self, at_most: int | None = None) -> list[str]:
        self.seen.clear()
        tried = deliver_due(self.database, {"letter": self.deliver}, at_most=at_most)
        assert tried == len(self.seen)
        return list(self.seen)

    def row(self, name: str) -> Row[Any]:
        return next(row for row in Hooks(self.database).rows(outbox.outbox) if f'"{name}"' in row.payload)


@pytest.fixture
def post(database: Database) -> Post:
    register(database, "Halberd")
    return Post(database)


def later(post: Post, seconds: int) -> None:
    assert isinstance(post.database.clock, SetClock)
    post.database.clock.at += timedelta(seconds=seconds)


def test_a_failed_message_waits_longer_each_time_and_blocks_no_other(post: Post) -> None:
    post.put("a", "b", "c")
    post.fails["a"] = ConnectionError("no answer")
    assert post.go() == ["a", "b", "c"]
    assert post.go() == []
    for wait in (2, 4, 8):
        later(post, wait - 1)
        assert post.go() == []
        later(post, 1)
        assert post.go() == ["a"]
    assert post.row("a").error == "no answer" and post.row("b").delivered_at is not None


def test_a_delivery_may_say_itself_when_to_be_tried_again(post: Post) -> None:
    post.put("a")
    post.fails["a"] = TryLater(300, "busy")
    assert post.go() == ["a"]
    later(post, 299)
    assert post.go() == []
    post.fails.clear()
    later(post, 1)
    assert post.go() == ["a"] and post.row("a").delivered_at is not None and post.row("a").error is None


def test_what_is_given_up_is_kept_with_the_reason_and_tried_no_more(post: Post) -> None:
    post.put("a", "b")
    post.fails["a"] = GiveUp("nobody lives there")
    assert post.go() == ["a", "b"]
    later(post, 100_000)
    assert post.go() == []
    row = post.row("a")
    assert row.given_up_at is not None and row.delivered_at is None and row.error == "nobody lives there"


def test_what_is_of_another_kind_waits_for_whoever_knows_it(post: Post) -> None:
    post.put("other", kind="parcel")
    post.put("mine")
    assert post.go() == ["mine"]
    assert post.row("other").attempt_count == 0


def test_a_round_may_be_kept_short(post: Post) -> None:
    post.put("a", "b", "c")
    assert post.go(at_most=2) == ["a", "b"]
    assert post.go(at_most=2) == ["c"]
