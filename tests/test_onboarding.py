"""The story of a supplier from its application to its periodic review, and who may read its dossier on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from first_rows import OPERATOR, made, register
from sqlalchemy import select, update

from scf import files
from scf.actor import PLATFORM, Actor
from scf.clock import SetClock
from scf.commands import Command, in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing, StepUpNeeded
from scf.identity import begin, members_queries
from scf.identity.local import local_person
from scf.manifest import SCF, permissions
from scf.onboarding import agreement
from scf.onboarding.accounts import (
    GIVE_ACCOUNT,
    RECORD_ACCOUNT_CHECK,
    REPEAT_CODE,
    CheckedAccount,
    GivenAccount,
    RepeatedCode,
)
from scf.onboarding.add_documents import ADD_DOCUMENTS, CONTENT_MAX, harmless, new_document
from scf.onboarding.agreement import SIGN, AgreementSigned
from scf.onboarding.apply import APPLY, Application
from scf.onboarding.decide import DECIDE, DECIDE_BY_PEOPLE, Decision
from scf.onboarding.erase_people import ERASE_PEOPLE
from scf.onboarding.lifecycle import ACTIVE, APPLICATION, DECLINED, MOVES, REVIEW, SCREENING, may_move
from scf.onboarding.models import account_checks, documents, dossiers, people, screenings, steps
from scf.onboarding.name_people import NAME_PEOPLE, PeopleNamed
from scf.onboarding.operate import (
    ACTIVATE,
    DECLINE,
    REVIEW_DONE,
    SEND_BACK,
    Activation,
    Declined,
    Reviewed,
    SentBack,
)
from scf.onboarding.ports import ACCOUNT_CHECK, Party, Penny, PennyTest, ScreeningAnswer
from scf.onboarding.ports import SCREENING as SCREENING_PORT
from scf.onboarding.requirements import (
    NEEDED,
    TAKEN,
    DocumentKind,
    LegalForm,
    Named,
    NewPerson,
    PersonRole,
    Risk,
    review_due,
)
from scf.onboarding.retention import AFTER_THE_END_DAYS
from scf.onboarding.screen import RECORD_SCREENING, NewScreening
from scf.onboarding.submit import SUBMIT, Submission
from scf.outbox import outbox
from scf.outcomes import Outcome
from scf.people.queries import ERASED
from scf.proposals.models import proposals
from scf.scheduling.retention import sweep
from scf.scheduling.tick import tick
from scf.scheduling.worker import work_all

PDF = b"%PDF-1.7 "
IBAN = "DE02120300000000202051"
KIND = DocumentKind
ADA = NewPerson(PersonRole.OWNER, "Ada Ash", date(1980, 2, 29), "DE", 600_000)
BO = NewPerson(PersonRole.SIGNATORY, "Bo Birch", date(1975, 7, 1), "SE")


@dataclass
class ListedPort:
    """A screening of the tests: whoever is on the list is a hit."""

    names: tuple[str, ...]
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def screen(self, _database: Database, who: Sequence[Named], organisation: Party) -> ScreeningAnswer:
        self.asked.append((organisation.name, [each.name for each in who]))
        found = [each.name for each in who if each.name in self.names]
        return ScreeningAnswer("list", "hit" if found else "clear", f"{len(found)} on the list")


@dataclass
class Office:
    """A party, the operator, and two funders."""

    database: Database
    party: int
    operator: int
    first: int
    second: int
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    def who(self, organisation_id: int, name: str) -> Actor:
        id = local_person(self.database, organisation_id, name)
        may = permissions([SCF])
        return Actor(id, name, organisation_id, may, stepped_up=True, operates=organisation_id == self.operator)

    def asks(self, organisation_id: int, command: Command[Any, Any, Any], *batch: Any, name: str = "Ida") -> Any:
        """The outcomes of a command that somebody runs for an organisation."""
        actor, scope = self.who(organisation_id, name), in_organisation(organisation_id)
        return run(self.database, command, batch, key=f"test-{next(self._keys)}", actor=actor, scope=scope)

    def does(self, command: Command[Any, Any, Any], *batch: Any) -> list[int]:
        """What the party does."""
        return made(self.asks(self.party, command, *batch))

    def operates(self, command: Command[Any, Any, Any], *batch: Any, name: str = "Olga") -> list[int]:
        """What one of the operator's people does."""
        return made(self.asks(self.operator, command, *batch, name=name))

    def works(self) -> None:
        work_all(self.database, SCF.jobs)

    def rows(self, table: Any) -> Any:
        with self.database.reading() as connection:
            return connection.execute(select(table).order_by(table.c.id)).all()

    @property
    def dossier(self) -> Any:
        (row,) = self.rows(dossiers)
        return row

    def adds(self, *kinds: DocumentKind) -> list[int]:
        new = [new_document(kind, f"{kind}.pdf", "application/pdf", PDF + kind.encode()) for kind in kinds]
        return self.does(ADD_DOCUMENTS, *new)

    def submits(self) -> None:
        """A company's whole dossier, submitted."""
        self.does(APPLY, Application(LegalForm.COMPANY))
        self.adds(*sorted(NEEDED[LegalForm.COMPANY]), KIND.IDENTITY_DOCUMENT)
        self.does(NAME_PEOPLE, PeopleNamed((ADA, BO)))
        self.does(SUBMIT, Submission())

    def signs(self) -> None:
        with self.database.reading() as connection:
            sha256 = files.sha256_of(agreement.document(connection, self.party))
        self.does(SIGN, AgreementSigned(sha256))

    def becomes_active(self, risk: Risk = Risk.HIGH) -> int:
        """All of it, without a hitch; the dossier's id."""
        self.submits()
        id: int = self.dossier.id
        self.operates(RECORD_SCREENING, NewScreening(id, "by hand", "clear", "looked up in two lists"))
        self.signs()
        (check,) = self.does(GIVE_ACCOUNT, GivenAccount(IBAN, "Ash Castings"))
        self.operates(RECORD_ACCOUNT_CHECK, CheckedAccount(check, "bank letter", "matched", "seen"))
        self.operates(ACTIVATE, Activation(id, risk, "all is there"))
        return id


@pytest.fixture
def office(database: Database) -> Office:
    begin.begin(database, "Clearwater", "REG-Clearwater", "DE", "Olga", "olga@clearwater.example")
    party, first, second = register(database, "Ash Castings", "Northbank", "Southbank")
    with database.reading() as connection:
        operator = members_queries.operator_id(connection)
    assert operator
    return Office(database, party, operator, first, second)


def reason(outcomes: list[Outcome]) -> str:
    (outcome,) = outcomes
    return outcome.refusal.reason if outcome.refusal else "accepted"


def bound(outcomes: list[Outcome]) -> str:
    assert outcomes[0].refusal
    return outcomes[0].refusal.bound


def set_on(database: Database, on: date) -> None:
    assert isinstance(database.clock, SetClock)
    database.clock.set(on, 9)


def test_a_supplier_comes_in_by_a_hit_that_two_people_clear_and_a_document_sent_back(office: Office) -> None:
    port = ListedPort(("Ada Ash",))
    sent: list[Penny] = []
    office.database.adapters = {SCREENING_PORT: port, ACCOUNT_CHECK: PennyTest(sent.append)}
    office.does(APPLY, Application(LegalForm.COMPANY))
    assert reason(office.asks(office.party, APPLY, Application(LegalForm.COMPANY))) == "already_applied"
    refused = office.asks(office.party, SUBMIT, Submission())
    assert reason(refused) == "wrong_state"
    extract, *_ = office.adds(KIND.REGISTRATION_EXTRACT, KIND.ARTICLES, KIND.IDENTITY_DOCUMENT)
    office.does(NAME_PEOPLE, PeopleNamed((ADA, BO)))
    refused = office.asks(office.party, SUBMIT, Submission())
    assert reason(refused) == "incomplete"
    assert bound(refused) == "proof of address, identity document of each of 2 people (there are 1)"
    office.adds(KIND.PROOF_OF_ADDRESS, KIND.IDENTITY_DOCUMENT)
    office.does(SUBMIT, Submission())
    id = office.dossier.id

    # the operator finds a document unfit, the party corrects it and submits again
    back = SentBack(id, "documents", "the extract is older than three months", (extract,))
    office.operates(SEND_BACK, back)
    assert bound(office.asks(office.party, SUBMIT, Submission())) == "registration extract"
    office.adds(KIND.REGISTRATION_EXTRACT)
    office.does(SUBMIT, Submission())
    office.works()
    assert port.asked == [("Ash Castings", ["Ada Ash", "Bo Birch"])], "the first round went by unasked"
    (hit,) = office.rows(screenings)
    assert (hit.outcome, hit.status, hit.round, hit.recorded_by_id) == ("hit", "open", 2, 0)

    # a hit is not waved through by one, nor by coming again
    clear = NewScreening(id, "by hand", "clear", "it is somebody else")
    assert reason(office.asks(office.operator, RECORD_SCREENING, clear)) == "hit_open"
    office.operates(SEND_BACK, SentBack(id, "owners", "spell the owner's name as her passport does"))
    office.does(SUBMIT, Submission())
    assert reason(office.asks(office.operator, RECORD_SCREENING, clear)) == "hit_open"
    (proposal,) = office.operates(DECIDE_BY_PEOPLE.propose, Decision(hit.id, True, "born in another year"))
    assert reason(office.asks(office.operator, DECIDE_BY_PEOPLE.accept, proposal, name="Olga")) == "same_person"
    office.operates(DECIDE_BY_PEOPLE.accept, proposal, name="Oskar")
    assert office.dossier.status == SCREENING, "this round is not screened yet"
    cleared = office.rows(screenings)[0]
    who = (office.who(office.operator, name).id for name in ("Olga", "Oskar"))
    assert (cleared.status, cleared.decision, cleared.proposed_by_id, cleared.decided_by_id) == (
        "cleared", "born in another year", *who,
    )  # fmt: skip
    office.operates(RECORD_SCREENING, clear)

    office.signs()
    office.does(GIVE_ACCOUNT, GivenAccount(IBAN, "Ash Castings"))
    assert "matched" in bound(office.asks(office.operator, ACTIVATE, Activation(id, Risk.HIGH, "all is there")))
    office.works()
    (penny,) = sent
    assert (penny.account.iban, 1 <= penny.amount_minor <= 99, penny.code in repr(penny)) == (IBAN, True, False)
    assert reason(office.asks(office.party, REPEAT_CODE, RepeatedCode("ABCD"))) == "code_differs"
    office.does(REPEAT_CODE, RepeatedCode(penny.code.lower()))
    (check,) = office.rows(account_checks)
    assert (check.outcome, check.method, check.code_hash) == ("matched", "penny test", "")

    office.operates(ACTIVATE, Activation(id, Risk.HIGH, "all is there"))
    assert (office.dossier.status, office.dossier.review_due_on) == (ACTIVE, date(2027, 1, 5))
    path = [(step.from_status, step.to_status) for step in office.rows(steps)]
    assert path == [
        ("", "application"), ("application", "documents"), ("documents", "owners"), ("owners", "screening"),
        ("screening", "documents"), ("documents", "screening"), ("screening", "owners"), ("owners", "screening"),
        ("screening", "agreement"), ("agreement", "account"), ("account", "active"),
    ]  # fmt: skip
    assert all(step.reason and step.actor_id and step.at for step in office.rows(steps))


def test_the_review_comes_by_itself_and_ends_only_screened(office: Office) -> None:
    id = office.becomes_active(Risk.HIGH)
    port = ListedPort(())
    office.database.adapters = {SCREENING_PORT: port}
    set_on(office.database, date(2027, 1, 4))
    tick(office.database, 17)
    office.works()
    assert office.dossier.status == ACTIVE
    set_on(office.database, date(2027, 1, 5))
    tick(office.database, 17)
    tick(office.database, 17)
    done = Reviewed(id, Risk.LOW, "nothing has changed")
    assert reason(office.asks(office.operator, REVIEW_DONE, done)) == "wrong_state"
    made_due = [each for each in office.rows(outbox) if '"dossier.review_due"' in each.payload]
    assert made_due == []
    # the job that begins the review puts down the one that screens; nothing is screened before it ran
    office.works()
    assert (office.dossier.status, office.dossier.round) == (REVIEW, 2)
    made_due = [each for each in office.rows(outbox) if '"dossier.review_due"' in each.payload]
    assert len(made_due) == 2, "the party and the operator"
    assert [each.outcome for each in office.rows(screenings) if each.round == 2] == ["clear"]
    office.operates(REVIEW_DONE, done)
    assert (office.dossier.status, office.dossier.risk, office.dossier.review_due_on) == (
        ACTIVE, "low", date(2030, 1, 5),
    )  # fmt: skip


def test_without_a_list_a_person_decides_and_nobody_reviews_unscreened(office: Office) -> None:
    id = office.becomes_active()
    set_on(office.database, date(2027, 1, 5))
    tick(office.database, 17)
    office.works()
    undecided = office.rows(screenings)[-1]
    assert (undecided.method, undecided.outcome) == ("none", "undecided")
    assert undecided.details == "no list is configured; a person decides"
    refused = office.asks(office.operator, REVIEW_DONE, Reviewed(id, Risk.LOW, "fine"))
    assert bound(refused) == "a screening of this round that is clear, without an open hit"


def test_a_confirmed_hit_declines_in_words_that_do_not_tell(office: Office) -> None:
    office.submits()
    (hit,) = office.operates(RECORD_SCREENING, NewScreening(office.dossier.id, "list", "hit", "Ada Ash"))
    with pytest.raises(PermissionMissing):
        office.asks(office.operator, DECIDE, Decision(hit, True, "fine"))
    (proposal,) = office.operates(DECIDE_BY_PEOPLE.propose, Decision(hit, False, "it is her"))
    office.operates(DECIDE_BY_PEOPLE.accept, proposal, name="Oskar")
    assert office.dossier.status == DECLINED and office.dossier.ended_at
    told = " ".join(step.reason for step in office.rows(steps))
    assert "screen" not in told and "hit" not in told and "her" not in told.split()
    office.does(APPLY, Application(LegalForm.SOLE_TRADER))
    assert (office.dossier.status, office.dossier.legal_form, office.dossier.ended_at) == (
        APPLICATION, "sole_trader", None,
    )  # fmt: skip


def test_only_the_operators_people_operate(office: Office) -> None:
    office.submits()
    id = office.dossier.id
    for command, item in (
        (RECORD_SCREENING, NewScreening(id, "by hand", "clear", "fine")),
        (ACTIVATE, Activation(id, Risk.LOW, "fine")),
        (SEND_BACK, SentBack(id, "documents", "no")),
        (DECLINE, Declined(id, "no")),
        (ERASE_PEOPLE, office.rows(people)[0].id),
    ):
        assert reason(office.asks(office.party, command, item)) == "not_the_operator"
        assert reason(office.asks(office.first, command, item)) == "not_the_operator"
    assert office.dossier.status == SCREENING


def test_three_wrong_codes_end_a_penny_test(office: Office) -> None:
    sent: list[Penny] = []
    office.submits()
    office.operates(RECORD_SCREENING, NewScreening(office.dossier.id, "by hand", "clear", "fine"))
    office.signs()
    office.database.adapters = {ACCOUNT_CHECK: PennyTest(sent.append)}
    assert reason(office.asks(office.party, GIVE_ACCOUNT, GivenAccount("DE00", "Ash"))) == "iban_invalid"
    office.does(GIVE_ACCOUNT, GivenAccount(IBAN, "Ash Castings"))
    assert reason(office.asks(office.party, REPEAT_CODE, RepeatedCode("EARLY"))) == "no_code_expected"
    office.works()
    wrong = [office.asks(office.party, REPEAT_CODE, RepeatedCode("WRONG"))[0].refusal for _ in range(3)]
    assert [each.value for each in wrong if each] == ["2 tries left", "1 tries left", "0 tries left"]
    assert reason(office.asks(office.party, REPEAT_CODE, RepeatedCode(sent[0].code))) == "no_code_expected"
    assert office.rows(account_checks)[0].outcome == "no_match"
    office.does(GIVE_ACCOUNT, GivenAccount(IBAN, "Ash Castings"))
    office.works()
    assert [each.status for each in office.rows(account_checks)] == ["replaced", "current"]
    office.does(REPEAT_CODE, RepeatedCode(sent[1].code))


def test_an_answer_about_what_has_changed_meanwhile_is_refused(office: Office) -> None:
    office.submits()
    id = office.dossier.id
    office.operates(SEND_BACK, SentBack(id, "owners", "somebody is missing"))
    office.does(SUBMIT, Submission())
    late = NewScreening(id, "list", "clear", "0 on the list", 1)
    (outcome,) = run(office.database, RECORD_SCREENING, [late], key="late", actor=PLATFORM, scope=OPERATOR)
    assert reason([outcome]) == "stale"


def test_the_people_must_make_sense(office: Office) -> None:
    office.does(APPLY, Application(LegalForm.COMPANY))
    office.adds(KIND.ARTICLES)
    for named, expected in (
        (PeopleNamed((BO,)), "people_missing"),
        (PeopleNamed((ADA,)), "people_missing"),
        (PeopleNamed((replace(ADA, share_ppm=249_999), BO)), "people_missing"),
        (PeopleNamed((ADA, ADA, BO)), "contradiction"),
        (PeopleNamed((ADA, BO), nobody_owns=True), "contradiction"),
        (PeopleNamed((ADA, replace(BO, share_ppm=1))), "contradiction"),
        (PeopleNamed((replace(ADA, born_on=date(2026, 1, 5)), BO)), "contradiction"),
        (PeopleNamed((BO,), nobody_owns=True), "accepted"),
        (PeopleNamed((ADA, BO)), "accepted"),
    ):
        assert reason(office.asks(office.party, NAME_PEOPLE, named)) == expected
    assert [(each.name, each.status) for each in office.rows(people)] == [
        ("Bo Birch", "replaced"), ("Ada Ash", "named"), ("Bo Birch", "named"),
    ]  # fmt: skip


def test_only_papers_that_fit_are_taken(office: Office) -> None:
    office.does(APPLY, Application(LegalForm.SOLE_TRADER))
    for kind, media_type, content, expected in (
        (KIND.ARTICLES, "application/pdf", PDF, "kind_unfit"),
        (KIND.PROOF_OF_ADDRESS, "application/pdf", b"<script>", "type_unfit"),
        (KIND.PROOF_OF_ADDRESS, "image/png", PDF, "type_unfit"),
        (KIND.PROOF_OF_ADDRESS, "text/html", PDF, "type_unfit"),
        (KIND.PROOF_OF_ADDRESS, "application/pdf", PDF + b"x" * CONTENT_MAX, "size_out_of_range"),
        (KIND.PROOF_OF_ADDRESS, "image/jpeg", b"\xff\xd8\xff\xe0", "accepted"),
    ):
        new = new_document(kind, "a.pdf", media_type, content)
        assert reason(office.asks(office.party, ADD_DOCUMENTS, new)) == expected
    assert office.dossier.status == "documents"


def test_names_of_files_are_made_harmless() -> None:
    assert harmless("..\\..\\etc/passwd") == "passwd"
    assert harmless('a"b\r\nc;.pdf') == "a_b__c_.pdf"
    assert harmless("Gesellschaftsvertrag (neu) Ä.pdf") == "Gesellschaftsvertrag (neu) Ä.pdf"
    assert harmless("../..") == harmless("") == "document"
    assert len(harmless("x" * 500 + ".pdf")) == 120


def test_signing_asks_for_a_second_factor_and_the_document_that_was_read(office: Office) -> None:
    office.submits()
    office.operates(RECORD_SCREENING, NewScreening(office.dossier.id, "by hand", "clear", "fine"))
    assert reason(office.asks(office.party, SIGN, AgreementSigned("0" * 64))) == "document_differs"
    weak = replace(office.who(office.party, "Ida"), stepped_up=False)
    with pytest.raises(StepUpNeeded):
        signed = [AgreementSigned("0" * 64)]
        run(office.database, SIGN, signed, key="k", actor=weak, scope=in_organisation(office.party))
    office.signs()
    # sent back after it signed, the party does not sign again
    id = office.dossier.id
    office.operates(SEND_BACK, SentBack(id, "owners", "a director is missing"))
    office.does(SUBMIT, Submission())
    office.operates(RECORD_SCREENING, NewScreening(id, "by hand", "clear", "fine"))
    assert office.dossier.status == "account"


def test_people_are_erased_once_nobody_needs_them(office: Office) -> None:
    office.submits()
    ada, bo = (each.id for each in office.rows(people))
    assert reason(office.asks(office.operator, ERASE_PEOPLE, ada)) == "still_needed"
    id = office.dossier.id
    office.operates(SEND_BACK, SentBack(id, "owners", "the owner has sold"))
    office.does(NAME_PEOPLE, PeopleNamed((BO,), nobody_owns=True))
    office.operates(ERASE_PEOPLE, ada)
    assert reason(office.asks(office.operator, ERASE_PEOPLE, ada)) == "already_erased"
    assert reason(office.asks(office.operator, ERASE_PEOPLE, bo)) == "accepted", "replaced by the new list"
    erased = office.rows(people)[0]
    assert (erased.name, erased.born_on, erased.country, erased.share_ppm) == (ERASED, None, "", 600_000)
    last = office.rows(people)[-1]
    assert reason(office.asks(office.operator, ERASE_PEOPLE, last.id)) == "still_needed"
    office.operates(DECLINE, Declined(id, "the party leaves"))
    office.operates(ERASE_PEOPLE, last.id)
    assert {each.name for each in office.rows(people)} == {ERASED}


def test_five_years_after_the_end_people_and_papers_are_out_of_reach(office: Office) -> None:
    id = office.becomes_active()
    (hit,) = office.rows(screenings)
    office.operates(DECLINE, Declined(id, "the party leaves"))
    ended = office.database.clock.now().date()

    def swept(days: int) -> dict[str, int]:
        set_on(office.database, date.fromordinal(ended.toordinal() + days))
        office.database.clock.set(office.database.clock.now().date(), 10)  # type: ignore[attr-defined]
        return {each.name: each.count for each in sweep(office.database, SCF.retention)}

    early = swept(AFTER_THE_END_DAYS - 1)
    assert (early["people of dossiers"], early["documents of dossiers"]) == (0, 0)
    late = swept(AFTER_THE_END_DAYS)
    assert (late["people of dossiers"], late["documents of dossiers"]) == (2, 5)
    assert (late["words of screenings"], late["accounts of dossiers"]) == (1, 1)
    assert {(each.name, each.sha256) for each in office.rows(documents)} == {("", None)}
    assert office.rows(screenings)[0].details == "" and office.rows(account_checks)[0].holder == ""
    assert hit.outcome == office.rows(screenings)[0].outcome
    assert set(swept(AFTER_THE_END_DAYS).values()) == {0}


def test_what_two_people_said_of_a_hit_is_blanked_with_the_proposal(office: Office) -> None:
    office.submits()
    (hit,) = office.operates(RECORD_SCREENING, NewScreening(office.dossier.id, "list", "hit", "Ada Ash"))
    (proposal,) = office.operates(DECIDE_BY_PEOPLE.propose, Decision(hit, True, "another Ada Ash"))
    office.operates(DECIDE_BY_PEOPLE.accept, proposal, name="Oskar")
    set_on(office.database, date(2026, 4, 10))
    list(sweep(office.database, SCF.retention))
    assert [each.payload for each in office.rows(proposals)] == [""]
    assert office.rows(screenings)[0].decision == "another Ada Ash"


def test_the_moves_lead_everywhere_and_end_only_where_one_may_begin_again() -> None:
    reached, waiting = set[str](), [APPLICATION]
    while waiting:
        reached.add(state := waiting.pop())
        waiting += MOVES[state] - reached
    assert reached == MOVES.keys()
    assert MOVES[DECLINED] == {APPLICATION}
    assert [state for state in MOVES if state != DECLINED and not may_move(state, DECLINED)] == []
    assert [state for state in MOVES if ACTIVE in MOVES[state]] == ["account", "review"]


def test_every_legal_form_takes_what_it_needs_and_reviews_come_in_one_to_three_years() -> None:
    assert all(NEEDED[form] <= TAKEN[form] for form in LegalForm)
    leap = date(2028, 2, 29)
    assert [review_due(leap, risk).isoformat() for risk in (Risk.HIGH, Risk.STANDARD, Risk.LOW)] == [
        "2029-02-28", "2030-02-28", "2031-02-28",
    ]  # fmt: skip
    assert review_due(date(2026, 1, 5), Risk.LOW) == date(2029, 1, 5)


def test_the_trail_stands(office: Office) -> None:
    office.does(APPLY, Application(LegalForm.COMPANY))
    with pytest.raises(Exception, match=r"(?i)append|change|refus"), office.database.engine.begin() as connection:
        connection.execute(update(steps).values(reason="nothing happened"))
