"""Terms bind a supplier from the day it has signed them, changed ones after notice: a story, and what is refused.

Northbank buys invoices of Ash Castings and Birch Tools on Halberd. All faces are 10,000.00 and all tenors 45 days, so
6.0 % a year is a discount of 75.00 and 4.8 % one of 60.00 (10,000 × rate × 45 / 360).
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from statements import counted_by_command
from world import EUR, World, minor

from scf import encoding, files
from scf.actor import PLATFORM, Actor
from scf.commands import in_organisation, run
from scf.errors import PermissionMissing, StepUpNeeded
from scf.factoring.models import advance_requests
from scf.limits.positions import LimitKind
from scf.outcomes import Outcome
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.programmes.consent import CONSENT, REFUSE, TermsConsent, TermsRefusal
from scf.programmes.instruct import INSTRUCT, STOP_INSTRUCTING, NewInstruction
from scf.programmes.models import terms_answers
from scf.programmes.queries import enrolments_in_force, terms_by_id
from scf.programmes.terms import Terms, faults
from scf.signatures.models import signatures

SIX_PERCENT = Terms(EUR, rate_ppm=60_000, notice_days=10)
CHEAPER = replace(SIX_PERCENT, rate_ppm=48_000)
DEARER = replace(SIX_PERCENT, rate_ppm=90_000)
ASH, BIRCH = "Ash Castings", "Birch Tools"


def january(day: int) -> date:
    return date(2026, 1, day)


@pytest.fixture
def agreed(world: World) -> World:
    """Both suppliers are enrolled and have signed terms of 6.0 %, which promise ten days of notice."""
    world.register("Northbank", "Halberd", ASH, BIRCH)
    world.open_book("Northbank", january(5))
    world.limit(LimitKind.ANCHOR, "Halberd", "500,000.00")
    programme = world.programme("Halberd")
    for supplier in (ASH, BIRCH):
        world.enrol(programme, supplier)
        world.agree(supplier, SIX_PERCENT)
    return world


def discount(world: World, ref: str, supplier: str, due_on: date) -> int:
    """Advance an invoice of 10,000.00 today; the discount that was taken."""
    world.confirmed(ref, supplier, "Halberd", "10,000.00", due_on)
    world.asks(ref, supplier)
    world.end_the_day()
    advance = world.advance(ref)
    assert advance.tenor_days == 45
    return int(advance.discount_minor)


def test_changed_terms_need_notice_and_the_suppliers_signature(agreed: World) -> None:
    world = agreed
    # 5 January: Northbank would change the price on the 14th; the terms in force promise ten days
    hasty = NewTerms(world.enrolments[ASH], january(14), CHEAPER)
    refusal = world.asked_of_two(AGREE_TERMS, hasty).refusal
    assert refusal is not None and refusal.reason == "notice_too_short"
    assert (refusal.value, refusal.bound) == ("2026-01-14", "2026-01-15")

    # so it offers it from Monday the 19th on, to both; Birch Tools signs on the day, Ash Castings does not
    offers = {supplier: world.offer_terms(supplier, CHEAPER, january(19)) for supplier in (ASH, BIRCH)}
    world.consents(BIRCH, offers[BIRCH], CHEAPER)

    # Friday the 16th: the old price for both
    world.until(january(16))
    assert discount(world, "B1", BIRCH, date(2026, 3, 2)) == minor("75.00")

    # from the 19th on the new price for Birch Tools, which signed; the old one for Ash Castings, which did not
    assert world.today == january(19)
    assert discount(world, "B2", BIRCH, date(2026, 3, 5)) == minor("60.00")
    assert discount(world, "A1", ASH, date(2026, 3, 6)) == minor("75.00")

    # the 21st: Ash Castings signs; from then on the new price, and what was advanced before keeps its own
    assert world.today == january(21)
    world.consents(ASH, offers[ASH], CHEAPER)
    world.until(january(23))
    assert discount(world, "A2", ASH, date(2026, 3, 9)) == minor("60.00")
    assert world.advance("A1").discount_minor == minor("75.00")


def test_terms_that_nobody_signed_are_no_terms(world: World) -> None:
    world.register("Northbank", "Halberd", ASH)
    world.open_book("Northbank", january(5))
    world.enrol(world.programme("Halberd"), ASH)
    world.offer_terms(ASH, SIX_PERCENT)
    assert in_force(world, ASH) is None


def in_force(world: World, supplier: str) -> Terms | None:
    """The terms in force today."""
    with world.database.reading() as connection:
        (enrolment,) = enrolments_in_force(connection, world.today, ids=[world.enrolments[supplier]])
        return terms_by_id(connection, [enrolment.terms_id]).get(enrolment.terms_id)


def answer(world: World, supplier: str, item: TermsConsent | TermsRefusal, person: Actor | None = None) -> Outcome:
    command = CONSENT if isinstance(item, TermsConsent) else REFUSE
    who, scope = person or world.person(supplier, supplier), in_organisation(world.organisations[supplier])
    return world.ask(command, [item], who, scope)[0]


def reason(outcome: Outcome) -> str:
    return outcome.refusal.reason if outcome.refusal else "accepted"


def test_what_was_signed_is_kept_byte_for_byte_with_who_signed_it_and_how(agreed: World) -> None:
    with agreed.database.reading() as connection:
        signed = connection.execute(
            select(signatures).where(signatures.c.organisation_id == agreed.organisations[ASH])
        ).one()
        document = files.read(connection, signed.document_sha256)
    assert encoding.parse(Terms, document.decode()) == SIX_PERCENT
    assert (signed.purpose, signed.method, signed.method_ref) == ("terms", "click", "second factor")
    assert signed.signer_id == agreed.person(ASH, ASH).id
    assert signed.stepped_up
    assert signed.signed_at == agreed.clock.now()


def test_only_the_document_that_was_offered_can_be_signed(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(19))
    outcome = answer(agreed, ASH, TermsConsent(offer, encoding.digest(SIX_PERCENT)))
    assert outcome.refusal and outcome.refusal.reason == "document_differs"
    assert (outcome.refusal.value, outcome.refusal.bound) == (encoding.digest(SIX_PERCENT), encoding.digest(CHEAPER))


def test_nobody_else_answers_for_a_supplier(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(19))
    seen = encoding.digest(CHEAPER)
    assert reason(answer(agreed, BIRCH, TermsConsent(offer, seen))) == "not_found"
    assert reason(answer(agreed, BIRCH, TermsRefusal(offer))) == "not_found"
    with pytest.raises(PermissionMissing, match="does not act for"):
        answer(agreed, ASH, TermsConsent(offer, seen), agreed.person("Mona Maker", "Northbank"))


def test_a_signature_wants_a_fresh_second_factor(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(19))
    with pytest.raises(StepUpNeeded):
        answer(
            agreed,
            ASH,
            TermsConsent(offer, encoding.digest(CHEAPER)),
            replace(agreed.person(ASH, ASH), stepped_up=False),
        )


def test_an_answer_is_given_once(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(15))
    consent = TermsConsent(offer, encoding.digest(CHEAPER))
    scope = in_organisation(agreed.organisations[ASH])
    outcomes = agreed.ask(CONSENT, [consent, consent], agreed.person(ASH, ASH), scope)
    assert [reason(outcome) for outcome in outcomes] == ["accepted", "already_consented"]
    assert reason(answer(agreed, ASH, TermsRefusal(offer))) == "already_consented"


def test_refused_terms_never_come_into_force(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, DEARER, january(15))
    assert reason(answer(agreed, ASH, TermsRefusal(offer, "others ask less"))) == "accepted"
    assert reason(answer(agreed, ASH, TermsConsent(offer, encoding.digest(DEARER)))) == "already_refused"
    agreed.until(january(16))
    assert in_force(agreed, ASH) == SIX_PERCENT


def test_an_offer_that_a_newer_one_replaced_cannot_be_signed(agreed: World) -> None:
    first = agreed.offer_terms(ASH, DEARER, january(20))
    second = agreed.offer_terms(ASH, CHEAPER, january(19))
    outcome = answer(agreed, ASH, TermsConsent(first, encoding.digest(DEARER)))
    assert outcome.refusal and outcome.refusal.reason == "superseded"
    assert (outcome.refusal.value, outcome.refusal.bound) == ("version 2", "version 3")
    assert reason(answer(agreed, ASH, TermsConsent(second, encoding.digest(CHEAPER)))) == "accepted"


def test_an_offer_for_the_time_before_the_next_one_can_be_signed_beside_it(agreed: World) -> None:
    soon, later = agreed.offer_terms(ASH, CHEAPER, january(15)), agreed.offer_terms(ASH, DEARER, january(30))
    for offer, terms in ((later, DEARER), (soon, CHEAPER)):
        assert reason(answer(agreed, ASH, TermsConsent(offer, encoding.digest(terms)))) == "accepted"
    for on, terms in ((january(14), SIX_PERCENT), (january(29), CHEAPER), (january(30), DEARER)):
        agreed.until(on)
        assert in_force(agreed, ASH) == terms


def test_notice_is_at_most_a_year() -> None:
    assert faults(replace(SIX_PERCENT, notice_days=365)) == []
    assert [fault.field for fault in faults(replace(SIX_PERCENT, notice_days=366))] == ["notice_days"]


def test_no_answer_takes_more_statements_for_more_offers(agreed: World) -> None:
    enrolment, scope = agreed.enrolments[ASH], in_organisation(agreed.organisations[ASH])
    several = [replace(CHEAPER, rate_ppm=40_000 + n) for n in range(20)]
    new = [NewTerms(enrolment, january(15 + n % 15), terms) for n, terms in enumerate(several)]
    offers = agreed.four_eyes(AGREE_TERMS, *sorted(new, key=lambda each: each.from_on))
    terms = [each.terms for each in sorted(new, key=lambda each: each.from_on)]
    consents = [TermsConsent(id, encoding.digest(each)) for id, each in zip(offers, terms, strict=True)]
    with counted_by_command(agreed.database.engine) as counts:
        agreed.ask(CONSENT, consents[-1:], agreed.person(ASH, ASH), scope)
        outcomes = agreed.ask(CONSENT, consents[:-1], agreed.person(ASH, ASH), scope)
    assert sum(outcome.accepted for outcome in outcomes) >= 10
    one, many = counts[CONSENT.name]
    assert one == many <= 12


# standing instructions


def instruct(world: World, supplier: str, from_on: date) -> Outcome:
    new, scope = NewInstruction(world.enrolments[supplier], from_on), in_organisation(world.organisations[supplier])
    return world.ask(INSTRUCT, [new], world.person(supplier, supplier), scope)[0]


def offered(world: World) -> int:
    """How many advances standing instructions have asked for."""
    with world.database.reading() as connection:
        standing = select(func.count()).where(advance_requests.c.origin == "standing")
        return connection.execute(standing).scalar_one()


def test_a_standing_instruction_offers_what_is_confirmed_from_its_day_until_it_is_stopped(agreed: World) -> None:
    own = in_organisation(agreed.organisations[ASH])
    assert reason(instruct(agreed, ASH, january(7))) == "accepted"
    agreed.confirmed("A1", ASH, "Halberd", "10,000.00", date(2026, 3, 6))
    agreed.until(january(7))
    assert offered(agreed) == 0
    agreed.end_the_day()
    assert offered(agreed) == 1
    assert agreed.advance("A1").discount_minor > 0
    agreed.do(STOP_INSTRUCTING, [agreed.enrolments[ASH]], agreed.person(ASH, ASH), own)
    agreed.confirmed("A2", ASH, "Halberd", "10,000.00", date(2026, 3, 6))
    agreed.end_the_day()
    assert offered(agreed) == 1
    assert reason(agreed.ask(STOP_INSTRUCTING, [agreed.enrolments[ASH]], agreed.person(ASH, ASH), own)[0]) == (
        "not_instructed"
    )
    assert reason(instruct(agreed, ASH, agreed.today)) == "accepted"


def test_an_instruction_is_its_suppliers_own_and_stands_once(agreed: World) -> None:
    assert reason(instruct(agreed, ASH, january(4))) == "in_the_past"
    assert reason(instruct(agreed, ASH, january(5))) == "accepted"
    assert reason(instruct(agreed, ASH, january(6))) == "already_instructed"
    foreign = NewInstruction(agreed.enrolments[ASH], january(5))
    birch = in_organisation(agreed.organisations[BIRCH])
    assert reason(agreed.ask(INSTRUCT, [foreign], agreed.person(BIRCH, BIRCH), birch)[0]) == "not_found"
    stop = agreed.ask(STOP_INSTRUCTING, [agreed.enrolments[ASH]], agreed.person(BIRCH, BIRCH), birch)[0]
    assert reason(stop) == "not_instructed"
    with agreed.database.reading() as connection:
        which = signatures.c.purpose == "standing_instruction"
        signed = connection.execute(select(signatures).where(which)).one()
        document = files.read(connection, signed.document_sha256).decode()
    assert '"supplier":"Ash Castings"' in document and '"funder":"Northbank"' in document
    assert "every invoice of the supplier that the anchor confirms" in document


# what the database itself holds


@pytest.mark.parametrize("table", ["signature", "terms_answer", "enrolment_terms", "terms_document"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_what_was_agreed_and_signed_is_never_changed(agreed: World, table: str, statement: str) -> None:
    column = {
        "signature": "signer_id = 1",
        "terms_answer": "answer = 'refused'",
        "enrolment_terms": "version = 7",
        "terms_document": "body = ''",
    }[table]
    with pytest.raises(DBAPIError, match="append-only"), agreed.database.engine.begin() as connection:
        connection.execute(text(statement.format(table, column)))


def test_the_database_refuses_a_consent_without_a_signature(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(19))
    values = {
        "enrolment_terms_id": offer, "organisation_id": agreed.organisations[ASH], "answer": "consented",
        "signature_id": None, "words": "", "answered_by_id": 0, "answered_at": agreed.clock.now(),
    }  # fmt: skip
    with pytest.raises(DBAPIError, match="ck_terms_answer_signed"), agreed.database.engine.begin() as connection:
        connection.execute(terms_answers.insert().values(values))


def test_a_repeated_consent_gives_its_first_answer(agreed: World) -> None:
    offer = agreed.offer_terms(ASH, CHEAPER, january(19))
    consent, scope = TermsConsent(offer, encoding.digest(CHEAPER)), in_organisation(agreed.organisations[ASH])
    first = run(agreed.database, CONSENT, [consent], key="once", actor=PLATFORM, scope=scope)
    assert run(agreed.database, CONSENT, [consent], key="once", actor=PLATFORM, scope=scope) == first
    assert first[0].accepted
