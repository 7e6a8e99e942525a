"""Signing in by an identity provider: against one that really answers, and against tokens that should not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from first_rows import made, register
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread
from signing_in import HOME, VAULT, House, email_of, open_house
from sqlalchemy import select, update

from scf import ids
from scf.actor import Actor
from scf.clock import SetClock, SystemClock
from scf.command_log import command_logs
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing, SettingsError
from scf.identity import oidc_token, providers
from scf.identity.freshness import Lacks, is_fresh
from scf.identity.invite import INVITE, Invitation
from scf.identity.models_factors import identity_providers
from scf.identity.models_members import memberships
from scf.identity.oidc import factor_at, finish, start
from scf.identity.oidc_http import Fetch, ProviderError
from scf.identity.oidc_token import Said, read
from scf.identity.providers import NewProvider
from scf.identity.sessions import SignedIn
from scf.identity.sessions_end import switch
from scf.identity.sign_in import SignInResult
from scf.identity.site import Site
from scf.outcomes import Refusal
from scf.proposals.models import proposals
from scf.roles import Role

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")

SITE = Site("https://scf.example")
LOCAL = Fetch([ip_network("127.0.0.0/8"), ip_network("::1/128")])
ADA = Actor(901, "Ada", 0, frozenset({"providers.set.propose", "providers.end"}), stepped_up=True)
BEA = Actor(902, "Bea", 0, frozenset({"providers.set.accept"}), stepped_up=True)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider on this machine, with a few people."""
    people = (
        User(sub="mia", claims={"email": email_of("Mia"), "email_verified": True, "name": "Mia"}),
        User(sub="mfa", claims={"email": email_of("Carl"), "email_verified": True, "amr": ["pwd", "mfa"]}),
        User(sub="unverified", claims={"email": email_of("Mia"), "email_verified": False}),
        User(sub="words", claims={"email": email_of("Mia"), "email_verified": "true"}),
        User(sub="stranger", claims={"email": email_of("Eve"), "email_verified": True}),
        User(sub="elsewhere", claims={"email": "mia@gmail.example", "email_verified": True}),
        User(sub="nora", claims={"email": email_of("Nora"), "email_verified": True, "name": "Nora N."}),
    )
    with run_server_in_thread(require_nonce=True, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@dataclass
class Desk:
    house: House
    provider_id: int
    issuer: str

    @property
    def database(self) -> Database:
        return self.house.database

    def authorised(self, subject: str) -> tuple[str, str, str]:
        """The ticket, and what the provider sends the browser back with: state and code."""
        begun = start(self.database, VAULT, SITE, LOCAL, self.house.organisation)
        assert begun is not None
        answer = requests.post(begun.url, data={"sub": subject}, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        assert back.path == f"/sign-in/oidc/{ids.text('idp', self.provider_id)}"
        given = parse_qs(back.query)
        return begun.ticket, given["state"][0], given["code"][0]

    def finish(self, ticket: str, state: str, code: str, provider_id: int = 0) -> SignInResult | Refusal:
        where = (provider_id or self.provider_id, ticket, state, code, *HOME)
        return finish(self.database, VAULT, SITE, LOCAL, *where)

    def sign_in(self, subject: str) -> SignInResult | Refusal:
        return self.finish(*self.authorised(subject))

    def signed_in(self, subject: str) -> SignedIn:
        result = self.sign_in(subject)
        assert isinstance(result, SignInResult)
        found = self.house.who(result.token)
        assert found is not None
        return found

    def reason(self, subject: str) -> str:
        result = self.sign_in(subject)
        return result.reason if isinstance(result, Refusal) else ""


def set_provider(house: House, issuer: str, **changes: Any) -> list[Any]:
    """By two people."""
    sealed = providers.sealed(VAULT, house.organisation, "client secret")
    new = replace(NewProvider(issuer, "scf", ("ash.example",), sealed), **changes)
    scope = in_organisation(house.organisation)
    ada, bea = (replace(who, organisation_id=house.organisation) for who in (ADA, BEA))
    checked = providers.SET_BY_PEOPLE
    proposed = made(run(house.database, checked.propose, [new], key=house.key(), actor=ada, scope=scope))
    return list(run(house.database, checked.accept, proposed, key=house.key(), actor=bea, scope=scope))


@pytest.fixture
def desk(database: Database, issuer: str) -> Desk:
    """Ash, with Mia a maker and Carl a checker, and its provider; the time is the provider's."""
    assert isinstance(database.clock, SetClock)
    database.clock.at = SystemClock().now()
    house = open_house(database)
    house.person("Mia", Role.MAKER)
    house.person("Carl", Role.CHECKER)
    return Desk(house, made(set_provider(house, issuer))[0], issuer)


def test_a_member_is_known_by_a_verified_address_once_and_by_subject_then(desk: Desk) -> None:
    mia = desk.signed_in("mia")
    assert mia.name == "Mia" and mia.by_provider and mia.lacks is Lacks.NOTHING and not mia.actor.stepped_up
    assert desk.signed_in("mia").person_id == mia.person_id
    assert "password" not in str(mia.actor.permissions) and "factors.add_totp" not in mia.actor.permissions
    assert mia.actor.may("keys.make")


def test_who_showed_several_factors_there_needs_none_here(desk: Desk) -> None:
    carl = desk.signed_in("mfa")
    assert carl.lacks is Lacks.NOTHING and carl.actor.stepped_up


def test_factors_shown_there_are_as_fresh_as_the_provider_says_and_not_without_a_time() -> None:
    said = Said("s", "", "", True, AT - timedelta(hours=1))
    assert factor_at(said, AT) == AT - timedelta(hours=1)
    assert factor_at(replace(said, shown_at=AT + timedelta(minutes=1)), AT) == AT
    untimed = factor_at(replace(said, shown_at=None), AT)
    assert untimed is not None and not is_fresh(untimed, AT)
    assert factor_at(replace(said, several_factors=False), AT) is None


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("unverified", "email_not_verified"),
        ("words", "email_not_verified"),
        ("stranger", "not_a_member"),
        ("elsewhere", "domain_not_allowed"),
    ],
)
def test_nobody_else_comes_in(desk: Desk, subject: str, reason: str) -> None:
    assert desk.reason(subject) == reason


def test_somebody_invited_comes_in_as_invited(desk: Desk) -> None:
    assert desk.reason("nora") == "not_a_member"
    new = Invitation(email_of("Nora"), "Nora", (Role.MAKER, Role.VIEWER))
    scope = in_organisation(desk.house.organisation)
    platform = Actor(0, "platform", 0, platform=True)
    made(run(desk.database, INVITE, [new], key="k", actor=platform, scope=scope))
    nora = desk.signed_in("nora")
    assert nora.roles == {Role.MAKER, Role.VIEWER} and nora.name == "Nora N."


def test_a_session_by_a_provider_acts_for_its_organisation_alone(desk: Desk) -> None:
    other = open_house(desk.database, "Birch Tools")
    mia = desk.signed_in("mia")
    desk.house.joins(mia.person_id, [Role.ADMINISTRATOR], other.organisation)
    again = desk.signed_in("mia")
    assert again.organisation_id == desk.house.organisation
    assert not switch(desk.database, again, other.organisation)


def test_who_is_no_member_any_more_stays_out_though_linked(desk: Desk) -> None:
    mia = desk.signed_in("mia")
    with desk.database.engine.begin() as connection:
        theirs = memberships.c.person_id == mia.person_id
        at = desk.database.clock.now()
        connection.execute(update(memberships).where(theirs).values(status="taken", ended_at=at, ended_by_id=0))
    assert desk.reason("mia") == "not_a_member"


def test_an_answer_belongs_to_one_browser_one_provider_and_ten_minutes(desk: Desk) -> None:
    def over(*given: Any) -> bool:
        result = desk.finish(*given)
        return isinstance(result, Refusal) and result.reason == "sign_in_over"

    ticket, state, code = desk.authorised("mia")
    other_ticket, _, _ = desk.authorised("mia")
    assert over("", state, code) and over(other_ticket, state, code) and over(ticket, state + "x", code)
    assert over(ticket, state, code, 5)
    desk.house.later(minutes=10)
    assert over(ticket, state, code)


def test_a_code_counts_once_and_only_with_its_verifier(desk: Desk) -> None:
    ticket, state, code = desk.authorised("mia")
    assert isinstance(desk.finish(ticket, state, code), SignInResult)
    with pytest.raises(ProviderError):
        desk.finish(ticket, state, code)
    query = parse_qs(urlsplit(start_of(desk)).query)
    assert query["code_challenge_method"] == ["S256"] and query["scope"] == ["openid email profile"]


def start_of(desk: Desk, **options: bool) -> str:
    begun = start(desk.database, VAULT, SITE, LOCAL, desk.house.organisation, **options)
    assert begun is not None and "verifier" not in begun.url and begun.ticket not in repr(begun)
    return begun.url


def test_it_may_be_asked_anew(desk: Desk) -> None:
    query = parse_qs(urlsplit(start_of(desk, anew=True)).query)
    assert query["prompt"] == ["login"] and query["max_age"] == ["0"]


def test_an_organisation_without_a_provider_has_none_to_ask(desk: Desk) -> None:
    assert start(desk.database, VAULT, SITE, LOCAL, register(desk.database, "Birch")[0]) is None


# the provider's row


def test_a_new_provider_ends_the_old_one_and_what_it_vouched_for(desk: Desk) -> None:
    result = desk.sign_in("mia")
    assert isinstance(result, SignInResult)
    by_password = desk.house.sign_in("Mia").token
    new = made(set_provider(desk.house, desk.issuer))[0]
    assert desk.house.who(result.token) is None and desk.house.who(by_password)
    scope = in_organisation(desk.house.organisation)
    ada = replace(ADA, organisation_id=desk.house.organisation)
    asked = [run(desk.database, providers.END, [id], key=f"e{id}", actor=ada, scope=scope)[0] for id in (5, new)]
    assert [outcome.accepted for outcome in asked] == [False, True]
    assert start(desk.database, VAULT, SITE, LOCAL, desk.house.organisation) is None


def test_one_person_alone_sets_no_provider(desk: Desk) -> None:
    new = NewProvider(desk.issuer, "scf", ("ash.example",), "sealed")
    alone = replace(ADA, organisation_id=desk.house.organisation, permissions=frozenset({"providers.set"}))
    scope = in_organisation(desk.house.organisation)
    with pytest.raises(PermissionMissing, match="two people"):
        run(desk.database, providers.SET, [new], key="k", actor=alone, scope=scope)


def test_the_client_secret_is_readable_nowhere(desk: Desk) -> None:
    with desk.database.reading() as connection:
        kept = str([connection.execute(select(each)).all() for each in (identity_providers, proposals, command_logs)])
        provider = providers.find(connection, organisation_id=desk.house.organisation)
    assert provider and "client secret" not in kept and "secret" not in repr(provider)
    assert providers.opened(VAULT, provider) == "client secret"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": "ftp://login.ash.example"}, "not_an_issuer"),
        ({"issuer": "https://user@login.ash.example"}, "not_an_issuer"),
        ({"issuer": "https://login.ash.example/?x"}, "not_an_issuer"),
        ({"domains": ()}, "domains"),
        ({"domains": ("Ash Example",)}, "not_a_domain"),
    ],
)
def test_what_is_no_provider(database: Database, changes: dict[str, Any], reason: str) -> None:
    (outcome,) = set_provider(open_house(database), **({"issuer": "https://login.ash.example"} | changes))
    assert outcome.refusal and outcome.refusal.reason == reason


# the network


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:1/", "https://localhost:1/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/",
        "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "http://93.184.216.34/", "file:///etc/passwd",
        "https://0.0.0.0/", "https:///x", "https://[fe80::1]/", "https://1.1.1.1:99999/",
    ],
)  # fmt: skip
def test_our_own_network_is_not_called(url: str) -> None:
    with pytest.raises(ProviderError):
        Fetch().check(url)


def test_a_public_address_is_called_by_https_alone() -> None:
    Fetch().check("https://1.1.1.1/")
    with pytest.raises(ProviderError):
        Fetch().check("http://1.1.1.1/")


def test_what_is_no_json_object_and_what_redirects_is_refused(issuer: str) -> None:
    for path in ("/", "/nothing-here", "/oauth2/authorize"):
        with pytest.raises(ProviderError):
            LOCAL.get(issuer + path)


def test_an_issuer_that_says_it_is_another_is_refused(database: Database, issuer: str) -> None:
    house = open_house(database)
    made(set_provider(house, issuer.replace("localhost", "127.0.0.1") + "/"))
    with pytest.raises(ProviderError):
        start(database, VAULT, SITE, LOCAL, house.organisation)


# tokens

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = RSAKey.generate_key(2048, {"kid": "1"})
KEYS = KeySet([KEY]).as_dict(private=False)
NOW = int(AT.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": "https://login.ash.example", "aud": "scf", "exp": NOW + 300, "iat": NOW, "sub": "s-1", "nonce": "n",
    "email": "Mia@Ash.Example", "email_verified": True, "amr": ["mfa"], "auth_time": NOW - 30,
}  # fmt: skip


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": "1"}, claims, key, algorithms=[algorithm])


def test_a_sound_token_is_believed() -> None:
    said = read(signed(CLAIMS), KEYS, CLAIMS["iss"], "scf", "n", AT)
    assert said == Said("s-1", "mia@ash.example", "", True, AT - timedelta(seconds=30))


UNSOUND: dict[str, Callable[[], str]] = {
    "another issuer": lambda: signed(CLAIMS | {"iss": "https://evil.example"}),
    "another audience": lambda: signed(CLAIMS | {"aud": "other"}),
    "two audiences": lambda: signed(CLAIMS | {"aud": ["scf", "other"]}),
    "made for another": lambda: signed(CLAIMS | {"azp": "other"}),
    "over": lambda: signed(CLAIMS | {"exp": NOW - 61}),
    "not yet": lambda: signed(CLAIMS | {"iat": NOW + 120}),
    "another sign-in": lambda: signed(CLAIMS | {"nonce": "m"}),
    "no nonce": lambda: signed({name: value for name, value in CLAIMS.items() if name != "nonce"}),
    "no end": lambda: signed({name: value for name, value in CLAIMS.items() if name != "exp"}),
    "no subject": lambda: signed({name: value for name, value in CLAIMS.items() if name != "sub"}),
    "an endless subject": lambda: signed(CLAIMS | {"sub": "s" * 256}),
    "another key": lambda: signed(CLAIMS, RSAKey.generate_key(2048, {"kid": "1"})),
    "our own secret": lambda: signed(CLAIMS, OctKey.import_key("client secret of thirty-two letters"), "HS256"),
    "a changed word": lambda: signed(CLAIMS)[:-6] + "AAAAAA",
    "no token": lambda: "",
    "unsigned": lambda: "eyJhbGciOiJub25lIn0." + signed(CLAIMS).split(".")[1] + ".",
}


@pytest.mark.parametrize("case", UNSOUND)
def test_an_unsound_token_is_not_believed(case: str) -> None:
    with pytest.raises(ProviderError):
        read(UNSOUND[case](), KEYS, CLAIMS["iss"], "scf", "n", AT)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setattr(oidc_token, "INSTALLED", False)
    with pytest.raises(SettingsError, match=r"scf\[sso\]"):
        start(database, VAULT, SITE, LOCAL, 1)
