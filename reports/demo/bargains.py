"""What the sandbox's parties agree before they trade: a second programme, limits, enrolments, terms."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from reports.demo.house import House
from reports.demo.sales import ALDER, BIRCH, BY_PEOPLE_FROM, HARBOUR, HARBOUR_LIMIT_MINOR, MOORGATE
from scf import encoding
from scf.actor import PLATFORM
from scf.commands import in_book, in_organisation
from scf.factoring.set_limit import SET, Ceiling
from scf.limits.positions import LimitKind
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.models import enrolments, programmes
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import EligibilityRule, Severity
from scf.sandbox.parties import CURRENCY, TERMS

# enrolments by supplier and anchor
Enrolled = Mapping[tuple[str, str], int]

_NEW = ((ALDER, HARBOUR), (BIRCH, HARBOUR), (BIRCH, MOORGATE))
_TERMS = replace(
    TERMS, rate_ppm=52_000, fee_rate_ppm=1_000, rules=(EligibilityRule("face_max", Severity.REFER, BY_PEOPLE_FROM),)
)
_BIRCH_LIMIT_MINOR = 150_000_00


def strike(house: House) -> Enrolled:
    """The second anchor's programme with a tight limit, and everybody's terms; the tutorial's are there already."""
    stage, scope = house.stage, in_book(house.book.id)
    anchor_id = house.organisations[HARBOUR]
    limits = [
        Ceiling(LimitKind.ANCHOR, anchor_id, CURRENCY, HARBOUR_LIMIT_MINOR),
        Ceiling(LimitKind.SUPPLIER, house.organisations[BIRCH], CURRENCY, _BIRCH_LIMIT_MINOR),
    ]
    stage.do(SET, limits, PLATFORM, scope)
    stage.do(OPEN_PROGRAMME, [NewProgramme(anchor_id, "Harbour payables")], PLATFORM, scope)
    opened = _programmes(house)
    new = [NewEnrolment(opened[anchor], house.organisations[supplier]) for supplier, anchor in _NEW]
    made = stage.do(ENROL, new, PLATFORM, scope)
    begins_on = house.book.business_date
    offers = stage.do(AGREE, [NewTerms(id, begins_on, _TERMS) for id in made], PLATFORM, scope)
    for (supplier, _anchor), offer in zip(_NEW, offers, strict=True):
        consent = TermsConsent(offer, encoding.digest(_TERMS))
        stage.do(CONSENT, [consent], house.people[supplier], in_organisation(house.organisations[supplier]))
    return enrolled(house)


def enrolled(house: House) -> Enrolled:
    """Every enrolment of the sandbox."""
    key = {id: key for key, id in house.organisations.items()}
    query = select(enrolments.c.supplier_id, programmes.c.anchor_id, enrolments.c.id).join(
        programmes, programmes.c.id == enrolments.c.programme_id
    )
    with house.stage.running.database.reading() as connection:
        return {(key[supplier], key[anchor]): id for supplier, anchor, id in connection.execute(query)}


def _programmes(house: House) -> Mapping[str, int]:
    key = {id: key for key, id in house.organisations.items()}
    with house.stage.running.database.reading() as connection:
        return {key[anchor]: id for anchor, id in connection.execute(select(programmes.c.anchor_id, programmes.c.id))}
