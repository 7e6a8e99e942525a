"""Members, keys, sessions and factors over HTTP: what each route shows, and to whom."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from api_site import ApiCaller, Site, open_site
from first_rows import open_book
from openapi_spec_validator import validate as validate_openapi
from signing_in import GRANTED, House, email_of, open_house

from scf.actor import Actor
from scf.db.engine import Database
from scf.identity.key_use import actor_of_key
from scf.identity.permissions import PERMISSIONS
from scf.ids import text
from scf.roles import Role


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return open_site(database, tmp_path)


@pytest.fixture
def house(database: Database) -> House:
    house = open_house(database)
    for name in ("Ada", "Bea"):
        house.person(name, Role.ADMINISTRATOR)
    house.person("Mia", Role.MAKER)
    return house


def actor(house: House, name: str) -> Actor:
    """Signed in, with a factor shown."""
    return house.with_totp(name)[0].actor


@pytest.fixture
def people(house: House, site: Site) -> dict[str, ApiCaller]:
    return {name: site.caller(actor(house, name)) for name in ("Ada", "Bea", "Mia")}


def outcome(answer: Sequence[Mapping[str, Any]]) -> Any:
    (only,) = answer
    return only["refusal"]["reason"] if only["refusal"] else only["id"]


def test_the_description_with_these_routes_is_valid(site: Site) -> None:
    document = site.app.test_client().get("/api/openapi.json").get_json()
    validate_openapi(document)
    assert {"/api/v1/members", "/api/v1/keys", "/api/v1/invitations/propose"} <= set(document["paths"])


def test_inviting_and_seeing_it(people: dict[str, ApiCaller]) -> None:
    new = {"email": "Nora@Ash.Example", "name": "Nora", "roles": ["maker", "viewer"]}
    proposal = outcome(people["Ada"].batch("/invitations/propose", new))
    id = outcome(people["Bea"].batch("/invitations/accept", {"proposal_id": proposal}))
    (seen,) = people["Ada"].get("/invitations", status="open")["items"]
    assert seen["id"] == id and seen["email"] == "nora@ash.example" and seen["roles"] == ["maker", "viewer"]
    people["Mia"].get("/invitations", 403)
    assert outcome(people["Ada"].batch("/invitations/resend", {"invitation_id": id})) == id
    assert outcome(people["Ada"].batch("/invitations/withdraw", {"invitation_id": id})) == id
    assert people["Ada"].get("/invitations", status="open")["items"] == []
    people["Ada"].post("/invitations/propose", {"items": [{**new, "roles": ["king"]}]}, 422)


def test_giving_a_role_and_taking_it(house: House, people: dict[str, ApiCaller]) -> None:
    mia = house.signed_in("Mia").person_id
    grant = {"person_id": text("per", mia), "role": "checker"}
    proposal = outcome(people["Ada"].batch("/members/roles/grant/propose", grant))
    membership = outcome(people["Bea"].batch("/members/roles/grant/accept", {"proposal_id": proposal}))
    found = people["Ada"].get("/members", person_id=text("per", mia))["items"]
    assert [each["role"] for each in found] == ["maker", "checker"] and membership in [each["id"] for each in found]
    assert found[0]["name"] == "Mia" and found[0]["email"] == email_of("Mia")
    take = {**grant, "reason": "left the department"}
    proposal = outcome(people["Ada"].batch("/members/roles/take/propose", take))
    outcome(people["Bea"].batch("/members/roles/take/accept", {"proposal_id": proposal}))
    suspended = people["Ada"].batch("/members/suspend", {"person_id": text("per", mia), "reason": "gone"})
    assert outcome(suspended) == text("per", mia)
    assert people["Ada"].get("/members", person_id=text("per", mia))["items"] == []


def test_members_of_another_organisation_are_not_there(database: Database, site: Site) -> None:
    other = open_house(database, "Birch Tools")
    other.person("Zoe", Role.ADMINISTRATOR)
    names = [each["name"] for each in site.caller(actor(other, "Zoe")).get("/members")["items"]]
    assert names == ["Zoe"]


NEW_KEY = {"name": "nightly", "permissions": ["keys.view", "sessions.view"], "expires_on": "2026-06-30"}


def test_a_key_is_made_shown_once_listed_and_revoked(house: House, people: dict[str, ApiCaller]) -> None:
    mia = people["Mia"]
    made = mia.post("/keys", {"items": [NEW_KEY]}, key="once")["outcomes"][0]
    again = mia.post("/keys", {"items": [NEW_KEY]}, key="once")["outcomes"][0]
    assert made["secret"].startswith("scf_") and again == {**made, "secret": None}
    used = actor_of_key(house.database, made["secret"], "", house.database.clock.now(), GRANTED)
    assert used is not None and used.may("sessions.view")
    (listed,) = mia.get("/keys")["items"]
    assert listed["id"] == made["id"] and listed["permissions"] == NEW_KEY["permissions"]
    assert made["secret"] not in json.dumps(listed) and "hash" not in json.dumps(listed)
    assert people["Ada"].get("/keys")["items"] == [listed]
    refused = mia.post("/keys", {"items": [{**NEW_KEY, "permissions": ["members.view"]}]})["outcomes"][0]
    assert refused["refusal"]["reason"] == "not_yours" and refused["secret"] is None
    assert outcome(people["Ada"].batch("/keys/revoke", {"key_id": made["id"]})) == made["id"]
    assert mia.get("/keys", status="active")["items"] == []


def test_ones_own_keys_are_nobody_elses_to_see(house: House, site: Site, people: dict[str, ApiCaller]) -> None:
    people["Mia"].post("/keys", {"items": [NEW_KEY]})
    house.person("Jon", Role.MAKER)
    assert site.caller(actor(house, "Jon")).get("/keys")["items"] == []


def test_ones_own_sessions_and_factors(house: House, people: dict[str, ApiCaller]) -> None:
    house.sign_in("Mia")
    items = people["Mia"].get("/sessions")["items"]
    assert len(items) == 2 and "token" not in json.dumps(items)
    assert outcome(people["Mia"].batch("/sessions/end", {"session_id": items[0]["id"]})) == items[0]["id"]
    assert [each["id"] for each in people["Mia"].get("/sessions")["items"]] == [items[1]["id"]]
    assert people["Mia"].post("/sessions/end-others", None)["accepted"]
    assert people["Mia"].get("/sessions")["items"] == []
    found = people["Mia"].get("/factors")
    assert [each["kind"] for each in found["items"]] == ["totp"] and found["recovery_code_count"] == 0
    assert outcome(people["Mia"].batch("/factors/remove", {"factor_id": found["items"][0]["id"]}))
    assert people["Mia"].get("/factors")["items"] == []


def test_a_provider_is_proposed_with_its_secret_and_shown_without(people: dict[str, ApiCaller]) -> None:
    new = {
        "issuer": "https://login.ash.example", "client_id": "scf", "client_secret": "very secret",
        "domains": ["ash.example"],
    }  # fmt: skip
    proposal = people["Ada"].post("/identity-providers/propose", new)["id"]
    assert outcome(people["Ada"].batch("/identity-providers/accept", {"proposal_id": proposal})) == "same_person"
    id = outcome(people["Bea"].batch("/identity-providers/accept", {"proposal_id": proposal}))
    (seen,) = people["Ada"].get("/identity-providers")["items"]
    assert seen["id"] == id and seen["domains"] == ["ash.example"] and "secret" not in json.dumps(seen)
    assert outcome(people["Ada"].batch("/identity-providers/end", {"provider_id": id})) == id


def test_the_operators_routes_are_the_operators(house: House, site: Site, people: dict[str, ApiCaller]) -> None:
    people["Ada"].post("/organisations/register", {"items": []}, 403)
    forged = Actor(5, "Eve", house.organisation, frozenset({"organisations.register", "books.open"}))
    eve = site.caller(forged)
    new = {"name": "Mine", "registration_ref": "M-1", "country": "DE"}
    assert outcome(eve.batch("/organisations/register", new)) == "not_the_operator"
    book = {"ref": "mine", "funder_id": text("org", house.organisation), "calendar": "TARGET", "first_on": "2026-01-05"}
    assert outcome(eve.batch("/books/open", book)) == "not_the_operator"
    assert open_book(house.database, house.organisation)


def test_every_permission_says_in_words_what_it_is_for() -> None:
    names = [permission.name for permission in PERMISSIONS]
    assert len(names) == len(set(names)) and all(permission.words for permission in PERMISSIONS)
