"""Members: how the first comes in, how the others do by four eyes, and what no one person can do."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest
from click.testing import CliRunner
from first_rows import OPERATOR, made, open_book, register
from granted import granted
from real_postgres import Server
from signing_in import CHEAP, GRANTED, HOME, PASSWORD, House, email_of
from sqlalchemy import select
from test_keys import NEW as NEW_KEY

from scf import outbox
from scf.actor import PLATFORM, Actor
from scf.cli import build_cli
from scf.command_log import command_logs
from scf.commands import Command, in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing, StepUpNeeded
from scf.identity import begin, mail
from scf.identity.accept import accept, welcome
from scf.identity.credentials import ask_reset, change_password, reset_password
from scf.identity.freshness import Lacks
from scf.identity.invitations import RESEND, WITHDRAW
from scf.identity.invite import (
    BEGIN,
    INVITE,
    INVITE_ALONE,
    INVITE_BY_PEOPLE,
    RESCUE_BY_PEOPLE,
    Administrator,
    Invitation,
)  # fmt: skip
from scf.identity.key_use import actor_of_key, make_keys
from scf.identity.members import GRANT_BY_PEOPLE, TAKE_BY_PEOPLE, RoleOf
from scf.identity.members_queries import choices, kinds, operator_id
from scf.identity.models_members import invitations, mail_tokens, memberships
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.post import Mail, Post
from scf.identity.register import REGISTER, NewOrganisation
from scf.identity.sessions_end import END, END_OTHERS, Others, switch
from scf.identity.site import Site
from scf.identity.suspend import SUSPEND, Suspension
from scf.module import Surroundings
from scf.outcomes import Outcome
from scf.proposals.four_eyes import FourEyes
from scf.proposals.models import proposals
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE, Role
from wsgi import MODULES

PLATFORM_PASSWORD = "nine copper kettles on a barge"


@dataclass
class Town:
    """A platform with its operator, whoever joins it, and the letters they were sent."""

    database: Database
    operator: int = 0
    letters: list[Mail] = field(default_factory=list)
    _keys: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def house(self) -> House:
        return House(self.database, self.operator)

    def key(self) -> str:
        return f"t{next(self._keys)}"

    def deliver(self) -> list[Mail]:
        """What was sent just now."""
        before = len(self.letters)
        surroundings = Surroundings(lambda _book: None, Post(Site("https://scf.example"), self.letters.append))
        outbox.deliver_due(self.database, {"mail": lambda payload: mail.deliver(self.database, surroundings, payload)})
        return self.letters[before:]

    def token(self) -> str:
        """The one of the letter that was sent just now."""
        (letter,) = self.deliver()
        return letter.text.split("#")[1].split()[0]

    def joins(self, token: str, name: str = "", password: str = PASSWORD) -> Outcome:
        accepted = accept(self.database, token, name, password, *HOME, cost=CHEAP)
        assert accepted.outcome is not None
        return accepted.outcome

    def run(self, command: Command[Any, Any, Any], actor: Actor, *batch: Any) -> list[str]:
        scope = in_organisation(actor.organisation_id)
        outcomes = run(self.database, command, batch, key=self.key(), actor=actor, scope=scope)
        return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]

    def by_two(self, checked: FourEyes, maker: Actor, checker: Actor, *batch: Any) -> list[str]:
        scope = in_organisation(maker.organisation_id)
        ids = made(run(self.database, checked.propose, batch, key=self.key(), actor=maker, scope=scope))
        return self.run(checked.accept, checker, *ids)

    def signs_in(self, name: str) -> Actor:
        """With an authenticator app, which is fresh."""
        signed_in, _ = self.house.with_totp(name)
        return signed_in.actor


@pytest.fixture
def town(database: Database) -> Town:
    """An operator with its first administrator, Olga, who has signed in by nothing yet."""
    outcome, token = begin.begin(database, "Operator", "OP-1", "DE", "Olga", email_of("Olga"))
    town = Town(database, made([outcome])[0])
    made([town.joins(token)])
    return town


@pytest.fixture
def ash(town: Town) -> "Ash":
    """A supplier with two administrators, Ada and Bea, and a maker, Mia."""
    organisation = register(town.database, "Ash Castings")[0]
    house = House(town.database, organisation)
    people = {"Ada": Role.ADMINISTRATOR, "Bea": Role.ADMINISTRATOR, "Mia": Role.MAKER}
    ids = {name: house.person(name, role) for name, role in people.items()}
    ada, bea = (house.with_totp(name)[0].actor for name in ("Ada", "Bea"))
    town.deliver()
    return Ash(organisation, house, ids, ada, bea)


@dataclass
class Ash:
    organisation: int
    house: House
    ids: dict[str, int]
    ada: Actor
    bea: Actor


NEW = Invitation(email_of("Nora"), "Nora", (Role.MAKER, Role.CHECKER))


def roles_of(town: Town, organisation: int, person_id: int) -> set[str]:
    with town.database.reading() as connection:
        return set(
            connection.execute(
                select(memberships.c.role).where(
                    memberships.c.organisation_id == organisation,
                    memberships.c.person_id == person_id,
                    memberships.c.status == "active",
                )
            ).scalars()
        )


# the beginning


def test_the_first_administrator_comes_in_by_the_printed_link_and_enrols_a_factor(town: Town) -> None:
    olga = town.house.signed_in("Olga")
    assert olga.roles == {Role.ADMINISTRATOR, Role.OPERATOR} and olga.lacks is Lacks.ENROLMENT
    assert olga.actor.operates and town.signs_in("Olga").may("organisations.register")


def test_there_is_one_operator_for_good(town: Town) -> None:
    outcome, _ = begin.begin(town.database, "Another", "OP-2", "DE", "Eve", "eve@evil.example")
    assert outcome.refusal and outcome.refusal.reason == "already_begun"
    with town.database.reading() as connection:
        assert operator_id(connection) == town.operator


def test_the_operators_people_register_and_open_books_and_nobody_elses_do(town: Town, ash: Ash) -> None:
    olga = town.signs_in("Olga")
    assert town.run(REGISTER, olga, NewOrganisation("Northbank", "NB-1", "DE")) == [""]
    first_on = town.database.clock.now().date()
    assert town.run(OPEN_BOOK, olga, NewBook("ash", ash.organisation, "TARGET", first_on)) == [""]
    cheat = replace(ash.ada, permissions=frozenset({"organisations.register", "books.open", "organisations.begin"}))
    assert town.run(REGISTER, cheat, NewOrganisation("Mine", "M-1", "DE")) == ["not_the_operator"]
    assert town.run(OPEN_BOOK, cheat, NewBook("m", ash.organisation, "TARGET", first_on)) == ["not_the_operator"]
    assert town.run(BEGIN, cheat, Administrator(town.operator, "eve@evil.example", "Eve")) == ["not_found"]


def test_the_operator_invites_an_organisations_first_administrator_and_then_no_more(town: Town) -> None:
    olga = town.signs_in("Olga")
    town.deliver()
    birch = register(town.database, "Birch Tools")[0]
    assert town.run(BEGIN, olga, Administrator(birch, "ben@birch.example", "Ben")) == [""]
    person = made([town.joins(town.token())])[0]
    assert roles_of(town, birch, person) == {Role.ADMINISTRATOR}
    assert town.run(BEGIN, olga, Administrator(birch, "eve@evil.example", "Eve")) == ["has_administrators"]
    assert town.run(BEGIN, olga, Administrator(5, "eve@evil.example", "Eve")) == ["not_found"]
    rescue = Administrator(birch, "una@birch.example", "Una")
    town.house.person("Otto", Role.OPERATOR)
    assert town.by_two(RESCUE_BY_PEOPLE, olga, olga, rescue) == ["same_person"]
    assert town.by_two(RESCUE_BY_PEOPLE, olga, town.signs_in("Otto"), rescue) == [""]


def test_init_on_the_command_line_prints_the_link_once(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCF_VAR", str(tmp_path))
    monkeypatch.setenv("SCF_DATABASE_URL", f"sqlite:///{tmp_path / 'scf.db'}")
    asked = [
        "init",
        "--name",
        "Op",
        "--registration",
        "OP-1",
        "--country",
        "DE",
        "--person",
        "Olga",
        "--email",
        "olga@op.example",
    ]
    first = CliRunner().invoke(build_cli("wsgi:app", MODULES, ()), asked)
    assert first.exit_code == 0 and "/welcome#" in first.output
    second = CliRunner().invoke(build_cli("wsgi:app", MODULES, ()), asked)
    assert second.exit_code == 1 and "already begun" in second.output and "/welcome" not in second.output


# invitations


def test_an_invitation_is_proposed_by_one_administrator_and_agreed_by_another(town: Town, ash: Ash) -> None:
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.ada, NEW) == ["same_person"]
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW) == [""]
    (letter,) = town.deliver()
    assert letter.to == email_of("Nora") and "Ash Castings invites you" in letter.subject
    assert "checker, maker" in letter.text
    token = letter.text.split("#")[1].split()[0]
    with town.database.reading() as connection:
        seen = welcome(connection, token, town.database.clock.now())
    assert seen and (seen.name, seen.organisation_name, seen.person_id) == ("Nora", "Ash Castings", None)
    nora = made([town.joins(token, "Nora Newman")])[0]
    assert roles_of(town, ash.organisation, nora) == {Role.MAKER, Role.CHECKER}
    assert ash.house.signed_in("Nora").name == "Nora Newman"


def test_nobody_runs_an_invitation_past_the_second_person(town: Town, ash: Ash) -> None:
    with pytest.raises(PermissionMissing, match="two people"):
        town.run(INVITE, replace(ash.ada, permissions=ash.ada.permissions | {INVITE.name}), NEW)
    assert town.run(INVITE_ALONE, ash.ada, NEW) == ["two_people_needed"]


def test_the_only_administrator_invites_alone_until_there_was_a_second(town: Town) -> None:
    olga = town.signs_in("Olga")
    town.deliver()
    with pytest.raises(StepUpNeeded):
        town.run(INVITE_ALONE, replace(olga, stepped_up=False), NEW)
    otto = Invitation(email_of("Otto"), "Otto", (Role.ADMINISTRATOR,))
    assert town.run(INVITE_ALONE, olga, otto, Invitation("amy@op.example", "Amy", (Role.AUDITOR,))) == ["", ""]
    first, _ = town.deliver()
    otto_id = made([town.joins(first.text.split("#")[1].split()[0])])[0]
    assert town.run(INVITE_ALONE, olga, NEW) == ["two_people_needed"]
    assert town.run(SUSPEND, olga, Suspension(otto_id, "left")) == [""]
    assert town.run(INVITE_ALONE, olga, NEW) == ["two_people_needed"], "suspending the other gives no more power"


REFUSED: dict[str, tuple[Invitation, str]] = {
    "no address": (Invitation("nora", "Nora", (Role.MAKER,)), "not_an_address"),
    "a line break": (Invitation("nora@ash.example\nBcc: all@ash.example", "Nora", (Role.MAKER,)), "not_an_address"),
    "no roles": (Invitation(email_of("Nora"), "Nora", ()), "no_roles"),
    "the bank's role": (Invitation(email_of("Nora"), "Nora", (Role.CREDIT_OFFICER,)), "role_not_here"),
    "the operator's role": (Invitation(email_of("Nora"), "Nora", (Role.MAKER, Role.OPERATOR)), "role_not_here"),
    "a member": (Invitation(email_of("MIA"), "Mia", (Role.CHECKER,)), "already_member"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_whom_one_cannot_invite(town: Town, ash: Ash, case: str) -> None:
    invitation, reason = REFUSED[case]
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, invitation) == [reason]
    with town.database.reading() as connection:
        logged = b"".join(connection.execute(select(command_logs.c.outcomes)).scalars())
    assert b"nora" not in logged


def test_one_open_invitation_an_address(town: Town, ash: Ash) -> None:
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW, NEW) == ["", "already_invited"]
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW) == ["already_invited"]


def test_which_roles_there_are_where(town: Town, ash: Ash) -> None:
    bank = register(town.database, "Northbank")[0]
    open_book(town.database, bank)
    with town.database.reading() as connection:
        found = kinds(connection, [bank, ash.organisation, town.operator])
    assert found[ash.organisation] == EVERYWHERE
    assert found[bank] == EVERYWHERE | AT_A_FUNDER
    assert found[town.operator] == EVERYWHERE | AT_THE_OPERATOR


def test_a_link_opens_once_for_seven_days(town: Town, ash: Ash) -> None:
    town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW, replace(NEW, email="late@ash.example"))
    first, late = (letter.text.split("#")[1].split()[0] for letter in town.deliver())
    made([town.joins(first)])
    again = town.joins(first)
    assert again.refusal and again.refusal.reason == "invitation_over"
    town.house.later(days=7)
    over = town.joins(late)
    assert over.refusal and over.refusal.reason == "invitation_over"
    none = town.joins("invented")
    assert none.refusal and none.refusal.reason == "invitation_over"


def test_a_link_is_kept_nowhere(town: Town, ash: Ash) -> None:
    town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW)
    token = town.token()
    with town.database.reading() as connection:
        tables = (mail_tokens, invitations, proposals, outbox.outbox, command_logs)
        everything = str([connection.execute(select(each)).all() for each in tables])
    assert token not in everything and token not in repr(town.letters)


def test_sent_again_the_old_link_opens_no_more_and_withdrawn_none_does(town: Town, ash: Ash) -> None:
    town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW)
    old = town.token()
    with town.database.reading() as connection:
        id = connection.execute(select(invitations.c.id).where(invitations.c.email == email_of("Nora"))).scalar_one()
    town.house.later(days=6)
    assert town.run(RESEND, ash.ada, id, id, 5) == ["", "twice_in_batch", "not_found"]
    new = town.token()
    assert town.joins(old).refusal
    town.house.later(days=6)
    with town.database.reading() as connection:
        assert welcome(connection, new, town.database.clock.now())
    assert town.run(WITHDRAW, replace(ash.ada, organisation_id=town.operator), id) == ["not_found"]
    assert town.run(WITHDRAW, ash.ada, id) == [""]
    assert town.joins(new).refusal
    assert town.run(RESEND, ash.ada, id) == ["not_open"]
    assert town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW) == [""], "and may be invited again"


def test_somebody_known_accepts_by_their_own_password(town: Town, ash: Ash) -> None:
    invitation = Invitation(email_of("Olga"), "Olga", (Role.VIEWER,))
    town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, invitation)
    token = town.token()
    wrong = town.joins(token, password=PLATFORM_PASSWORD)
    assert wrong.refusal and wrong.refusal.reason == "wrong_password"
    olga = made([town.joins(token)])[0]
    assert town.house.signed_in("Olga").person_id == olga
    with town.database.reading() as connection:
        assert [choice.name for choice in choices(connection, olga)] == ["Ash Castings", "Operator"]


def test_a_weak_password_leaves_the_link_open(town: Town, ash: Ash) -> None:
    town.by_two(INVITE_BY_PEOPLE, ash.ada, ash.bea, NEW)
    token = town.token()
    weak = town.joins(token, password="noranoranora")
    assert weak.refusal and weak.refusal.reason == "password_weak"
    made([town.joins(token)])


# roles


def test_a_role_is_given_and_taken_by_two_who_are_not_its_member(town: Town, ash: Ash) -> None:
    mia = ash.ids["Mia"]
    give = RoleOf(mia, Role.CHECKER)
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, give) == [""]
    assert roles_of(town, ash.organisation, mia) == {Role.MAKER, Role.CHECKER}
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, give) == ["already_held"]
    assert town.by_two(TAKE_BY_PEOPLE, ash.ada, ash.bea, give, give) == ["", "not_held"]
    assert roles_of(town, ash.organisation, mia) == {Role.MAKER}


def test_nobody_gives_a_role_to_themselves_as_maker_or_as_checker(town: Town, ash: Ash) -> None:
    for maker, checker in ((ash.ada, ash.bea), (ash.bea, ash.ada)):
        assert town.by_two(GRANT_BY_PEOPLE, maker, checker, RoleOf(ash.ids["Ada"], Role.MAKER)) == ["own_role"]
    forged = RoleOf(ash.ids["Ada"], Role.MAKER, maker_id=99)
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, forged) == ["own_role"]


def test_roles_of_another_kind_of_organisation_and_of_strangers_are_refused(town: Town, ash: Ash) -> None:
    grants = [RoleOf(ash.ids["Mia"], Role.OPERATOR), RoleOf(ash.ids["Mia"], Role.OPERATIONS), RoleOf(5, Role.MAKER)]
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, *grants) == ["role_not_here"] * 2 + ["not_a_member"]


def test_the_last_administrator_stays(town: Town, ash: Ash) -> None:
    both = [RoleOf(ash.ids[name], Role.ADMINISTRATOR) for name in ("Ada", "Bea")]
    assert town.by_two(TAKE_BY_PEOPLE, ash.ada, ash.bea, *both) == ["", "last_administrator"]
    assert town.run(SUSPEND, ash.bea, Suspension(ash.ids["Bea"], "myself")) == ["last_administrator"]


def test_what_was_taken_is_gone_at_the_next_request(town: Town, ash: Ash) -> None:
    token = ash.house.sign_in("Mia").token
    found = ash.house.who(token)
    assert found and found.actor.may("keys.make")
    town.by_two(TAKE_BY_PEOPLE, ash.ada, ash.bea, RoleOf(ash.ids["Mia"], Role.MAKER))
    assert ash.house.who(token) is None
    assert ash.house.sign_in("Mia").token is None


def test_maker_and_checker_may_be_roles_of_one_person(town: Town, ash: Ash) -> None:
    """Four eyes are kept by whom a proposal names, not by roles: see tests of proposals."""
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, RoleOf(ash.ids["Mia"], Role.CHECKER)) == [""]
    mia = ash.house.with_totp("Mia")[0]
    assert mia.roles == {Role.MAKER, Role.CHECKER}


# suspension


def test_who_is_suspended_is_out_at_once_and_only_here(town: Town, ash: Ash) -> None:
    ash.house.joins(ash.ids["Mia"], [Role.VIEWER], town.operator)
    token = ash.house.sign_in("Mia").token
    signed_in = ash.house.who(token)
    assert signed_in is not None and signed_in.organisation_id == ash.organisation
    elsewhere = ash.house.sign_in("Mia").token
    there = ash.house.who(elsewhere)
    assert there and switch(town.database, there, town.operator)
    (secret,) = make_keys(town.database, signed_in.actor, [NEW_KEY], "k")[1].values()
    assert town.run(SUSPEND, ash.ada, Suspension(ash.ids["Mia"], "lost telephone"), Suspension(5, "x")) == [
        "", "not_a_member",
    ]  # fmt: skip
    assert ash.house.who(token) is None
    assert actor_of_key(town.database, secret, "", town.database.clock.now(), GRANTED) is None
    assert ash.house.who(elsewhere)
    assert town.by_two(GRANT_BY_PEOPLE, ash.ada, ash.bea, RoleOf(ash.ids["Mia"], Role.VIEWER)) == [""]
    with town.database.reading() as connection:
        rows = connection.execute(select(memberships.c.status, memberships.c.ended_why)).all()
    assert ("suspended", "lost telephone") in [tuple(row) for row in rows]


# sessions


def test_one_ends_ones_own_sessions_and_no_others(town: Town, ash: Ash) -> None:
    tokens = [ash.house.sign_in("Mia").token for _ in range(3)]
    first, second, third = (ash.house.who(token) for token in tokens)
    assert first and second and third
    bea_session = ash.house.sign_in("Bea").token
    bea = ash.house.who(bea_session)
    assert bea is not None
    assert town.run(END, first.actor, second.session_id, bea.session_id) == ["", "not_found"]
    assert ash.house.who(tokens[1]) is None
    assert town.run(END_OTHERS, first.actor, Others(first.session_id)) == [""]
    assert ash.house.who(tokens[0]) and ash.house.who(tokens[2]) is None and ash.house.who(bea_session)


def test_one_goes_only_where_one_is_a_member(town: Town, ash: Ash) -> None:
    mia = ash.house.signed_in("Mia")
    assert not switch(town.database, mia, town.operator)
    ash.house.joins(mia.person_id, [Role.VIEWER], town.operator)
    assert switch(town.database, mia, town.operator)


# passwords


def test_changing_a_password_wants_the_current_one_and_ends_the_other_sessions(town: Town, ash: Ash) -> None:
    token, other = ash.house.sign_in("Mia").token, ash.house.sign_in("Mia").token
    mia = ash.house.who(token)
    assert mia is not None

    def change(current: str, new: str) -> str:
        changed = change_password(town.database, mia, current, new, *HOME, town.key(), cost=CHEAP).outcome
        assert changed is not None
        return changed.refusal.reason if changed.refusal else ""

    assert change("wrong", PLATFORM_PASSWORD) == "wrong_password"
    assert change(PASSWORD, "mia.mia.mia.") == "password_weak"
    town.deliver()
    assert change(PASSWORD, PLATFORM_PASSWORD) == ""
    assert ash.house.who(token) and ash.house.who(other) is None
    assert [letter.subject for letter in town.deliver()] == ["Your password was changed"]
    assert not ash.house.sign_in("Mia").token and ash.house.sign_in("Mia", PLATFORM_PASSWORD).token
    with town.database.reading() as connection:
        assert "argon2" not in str(connection.execute(select(command_logs)).all())


def test_a_forgotten_password_is_set_by_a_link_that_opens_once_within_the_hour(town: Town, ash: Ash) -> None:
    session = ash.house.sign_in("Ada").token
    assert ask_reset(town.database, email_of("ADA"), *HOME) is None
    token = town.token()
    weak = reset_password(town.database, token, "ada", cost=CHEAP)
    assert weak.refusal and weak.refusal.reason == "password_length"
    made_new = reset_password(town.database, token, PLATFORM_PASSWORD, cost=CHEAP)
    assert made_new.accepted
    assert ash.house.who(session) is None
    assert reset_password(town.database, token, PLATFORM_PASSWORD, cost=CHEAP).refusal
    found = ash.house.who(ash.house.sign_in("Ada", PLATFORM_PASSWORD).token)
    assert found and found.lacks is Lacks.FACTOR, "the second factor is asked for as before"
    assert not ash.house.sign_in("Ada").token
    ask_reset(town.database, email_of("Ada"), *HOME)
    late = town.deliver()[-1].text.split("#")[1].split()[0]
    town.house.later(hours=1)
    assert reset_password(town.database, late, PASSWORD, cost=CHEAP).refusal


def test_asking_for_a_link_tells_nobody_who_has_an_account_and_is_throttled(town: Town) -> None:
    def answers(name: str) -> list[bool]:
        return [ask_reset(town.database, email_of(name), *HOME) is None for _ in range(5)]

    assert answers("Olga") == answers("Nobody") == [True, True, True, False, False]
    assert len(town.deliver()) == 3


def test_a_resetting_link_is_no_invitation(town: Town, ash: Ash) -> None:
    ask_reset(town.database, email_of("Ada"), *HOME)
    token = town.token()
    assert town.joins(token).refusal
    assert reset_password(town.database, "none", PASSWORD, cost=CHEAP).refusal


def test_the_platform_alone_begins(town: Town) -> None:
    new = begin.Operator("X", "X-1", "DE", "X", "x@x.example", "0" * 64)
    with pytest.raises(PermissionMissing):
        town.run(begin.BEGIN, replace(town.signs_in("Olga")), new)
    assert run(town.database, begin.BEGIN, [new], key="k", actor=PLATFORM, scope=OPERATOR)[0].refusal


def test_all_of_it_runs_as_the_role_of_production_behind_the_walls(
    postgres_server: Server, postgres_template: str
) -> None:
    with granted(postgres_server, postgres_template) as opened:
        database = opened.production
        outcome, token = begin.begin(database, "Operator", "OP-1", "DE", "Olga", email_of("Olga"))
        town = Town(database, made([outcome])[0])
        made([town.joins(token)])
        olga = town.signs_in("Olga")
        town.deliver()
        assert town.run(INVITE_ALONE, olga, Invitation(email_of("Otto"), "Otto", (Role.ADMINISTRATOR,))) == [""]
        otto_id = made([town.joins(town.token())])[0]
        otto = town.signs_in("Otto")
        assert town.by_two(INVITE_BY_PEOPLE, olga, otto, NEW) == [""]
        town.house.person("Mia", Role.MAKER)
        assert town.by_two(
            GRANT_BY_PEOPLE, olga, otto, RoleOf(town.house.signed_in("Mia").person_id, Role.CHECKER)
        ) == [""]
        ask_reset(database, email_of("Otto"), *HOME)
        link = town.deliver()[-1].text.split("/password/reset#")[1].split()[0]
        assert reset_password(database, link, PLATFORM_PASSWORD, cost=CHEAP).accepted
        assert town.run(SUSPEND, olga, Suspension(otto_id, "left")) == [""]
        assert not town.house.sign_in("Otto", PLATFORM_PASSWORD).token
