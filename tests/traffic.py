"""Seeded traffic through a small world: what people, banks and anchors do, well or badly, in no sensible order.

Each verb of `Traffic` is one thing that may happen; it asks the platform and takes any refusal for an answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select
from world import EUR, IBANS, Asked, World

from scf.actor import PLATFORM
from scf.command_log import command_logs
from scf.commands import in_organisation, run
from scf.db.types import metadata
from scf.factoring.approve import APPROVE, APPROVE_BY_PEOPLE, DECLINE, Approval, Decline
from scf.factoring.expire import WITHDRAW
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.ledger.models import journals, postings
from scf.limits import queries as limits
from scf.limits.hold import HOLD, Hold
from scf.limits.positions import LimitKind
from scf.manifest import SCF
from scf.outcomes import Outcome
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount
from scf.payments.null_rail import IncomingMoney
from scf.payments.refs import payout_ref
from scf.payments.reinstruct import REINSTRUCT_BY_PEOPLE, Reinstruction
from scf.payments.steps import receive
from scf.programmes.terms import EarlyPayment, EligibilityRule, Recourse, Severity, Terms, Waterfall
from scf.proposals.four_eyes import FourEyes
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.scheduling.worker import work_all
from scf.settlement.apply import APPLY, Application
from scf.settlement.guarantee import COLLECT_GUARANTEE, PAY_GUARANTOR, GuaranteePayment, GuarantorPayment
from scf.settlement.identify import IDENTIFY, Identification
from scf.settlement.losses import IMPAIR, RECOVER, WRITE_OFF_BY_PEOPLE, Impairment, Recovery, WriteOff
from scf.settlement.recourse import COLLECT_CLAIM, ClaimPayment

NOBODY = "GB33BUKB20201555555555"
OTHER_IBANS = ("DE02701500000000594937", "DE02600501010002034304", "DE64120300000000202099")
ANCHORS = {"Halberd": ("Ash Castings", "Birch Tools", "Elm Plastics"), "Kestrel": ("Cedar Works", "Dogwood Fittings")}
SUPPLIERS = {supplier: anchor for anchor, suppliers in ANCHORS.items() for supplier in suppliers}

_BASE = Terms(currency=EUR, rate_ppm=60_000, late_rate_ppm=90_000, suspend_after_days=9)
_LARGE = EligibilityRule("face_max", Severity.REFER, "15000.00")


def terms(guarantor_id: int) -> dict[str, Terms]:
    """Something different for everybody, with deadlines short enough to be missed."""
    return {
        "Ash Castings": replace(
            _BASE, advance_rate_ppm=900_000, fee_rate_ppm=5_000, vat_on_fee_ppm=200_000, rules=(_LARGE,)
        ),
        "Birch Tools": replace(_BASE, waterfall=Waterfall.CHARGES_FIRST, early_payment=EarlyPayment.REBATE),
        "Cedar Works": replace(_BASE, advance_rate_ppm=950_000, value_lag_days=1, rules=(_LARGE,)),
        "Dogwood Fittings": replace(
            _BASE,
            advance_rate_ppm=980_000,
            guarantor_id=guarantor_id,
            guarantee_share_ppm=400_000,
            guarantee_after_days=4,
        ),
        "Elm Plastics": replace(
            _BASE, advance_rate_ppm=800_000, fee_rate_ppm=500, recourse=Recourse.FULL, recourse_after_days=5
        ),
    }


@dataclass
class Traffic:
    """What happens in a world, as a seed has it."""

    world: World
    random: Random
    count: int = 0
    happened: dict[str, int] = field(default_factory=dict)
    bounced: set[int] = field(default_factory=set)

    def set_up(self) -> None:
        world = self.world
        world.register("Northbank", "Harbour Guarantee", *ANCHORS, *SUPPLIERS)
        world.open_book("Northbank", world.today)
        world.limit(LimitKind.ANCHOR, "Halberd", "400,000.00")
        world.limit(LimitKind.ANCHOR, "Kestrel", "300,000.00")
        world.limit(LimitKind.SUPPLIER, "Elm Plastics", "150,000.00")
        agreed = terms(world.organisations["Harbour Guarantee"])
        for anchor, suppliers in ANCHORS.items():
            programme = world.programme(anchor)
            for supplier in suppliers:
                world.enrol(programme, supplier)
                world.agree(supplier, agreed[supplier])

    def one_thing(self) -> None:
        verb = self.random.choices([verb for verb, _ in VERBS], [weight for _, weight in VERBS])[0]
        self.happened[verb.__name__] = self.happened.get(verb.__name__, 0) + bool(verb(self))

    # what the verbs need

    def rows(self, table: str, **wanted: Any) -> Sequence[Any]:
        columns = metadata.tables[table].c
        query = select(metadata.tables[table]).order_by(columns.id)
        for name, value in wanted.items():
            query = query.where(columns[name].in_(value) if isinstance(value, tuple) else columns[name] == value)
        with self.world.database.reading() as connection:
            return connection.execute(query).all()

    def one(self, table: str, **wanted: Any) -> Any:
        rows = self.rows(table, **wanted)
        return self.random.choice(rows) if rows else None

    def banker(self, command: Any, *batch: Any) -> list[Outcome]:
        return self.world.ask(command, batch, self.world.person("Olga Operations", "Northbank"), self.world.scope)

    def two_bankers(self, commands: FourEyes, *batch: Any) -> list[Outcome]:
        maker, checker = self.world.person("Mona", "Northbank"), self.world.person("Carl", "Northbank")
        proposed = self.world.do(commands.propose, batch, maker, self.world.scope)
        return self.world.ask(commands.accept, proposed, checker, self.world.scope)

    def supplier(self, command: Any, supplier_id: int, *batch: Any) -> list[Outcome]:
        name = next(name for name, id in self.world.organisations.items() if id == supplier_id)
        return self.world.ask(command, batch, self.world.person(name, name), in_organisation(supplier_id))

    def some(self, at_most: int) -> int:
        """A random part, often all of it."""
        return at_most if at_most <= 1 or self.random.random() < 0.4 else self.random.randint(1, at_most)


def accepted(outcomes: list[Outcome]) -> bool:
    return any(outcome.accepted for outcome in outcomes)


def confirm(traffic: Traffic) -> bool:
    world, random = traffic.world, traffic.random
    traffic.count += 1
    supplier = random.choice((*SUPPLIERS, "Elm Plastics"))
    ref = f"INV-{traffic.count}"
    face = f"{random.randint(500, 20_000)}.{random.randint(0, 99):02d}"
    world.confirmed(ref, supplier, SUPPLIERS[supplier], face, world.today + timedelta(random.randint(3, 25)))
    return random.random() < 0.2 or ask_for(traffic, world.receivables[ref])


def ask_for(traffic: Traffic, receivable_id: int) -> bool:
    receivable = traffic.rows("receivable", id=receivable_id)[0]
    enrolment = traffic.rows("enrolment", supplier_id=receivable.creditor_id)[0]
    return accepted(traffic.supplier(REQUEST, receivable.creditor_id, NewRequest(receivable_id, enrolment.id)))


def ask(traffic: Traffic) -> bool:
    receivable = traffic.one("receivable")
    return receivable is not None and ask_for(traffic, receivable.id)


def answer(traffic: Traffic) -> bool:
    request = traffic.one("advance_request", status=("requested", "approved"))
    if request is None:
        return False
    choice = traffic.random.random()
    if choice < 0.2:
        return accepted(traffic.banker(DECLINE, Decline(request.id, "not today")))
    if choice < 0.4:
        receivable = traffic.rows("receivable", id=request.receivable_id)[0]
        return accepted(traffic.supplier(WITHDRAW, receivable.creditor_id, request.id))
    if choice < 0.6:
        asked = [Approval(request.id, by_rule=True)]
        return accepted(traffic.world.ask(APPROVE, asked, PLATFORM, traffic.world.scope))
    return accepted(traffic.two_bankers(APPROVE_BY_PEOPLE, Approval(request.id)))


def credit(traffic: Traffic) -> bool:
    noted = tuple(note.receivable_id for note in traffic.rows("credit_note"))
    receivable = traffic.one("receivable", status=("open", "funded", "settled"))
    if traffic.random.random() < 0.5:
        again = traffic.one("receivable", status="funded", id=noted)
        approved = tuple(each.receivable_id for each in traffic.rows("advance_request", status="approved"))
        receivable = again or traffic.one("receivable", id=approved) or receivable
    if receivable is None:
        return False
    traffic.count += 1
    part = receivable.open_minor // 12 + 1
    amount = traffic.random.choice((part, part, traffic.some(receivable.open_minor + 1)))
    note = NewCreditNote(receivable.id, f"CN-{traffic.count}", EUR, max(1, amount), traffic.world.today)
    done = accepted(traffic.supplier(CREDIT, receivable.creditor_id, note))
    if traffic.random.random() < 0.7:
        work_all(traffic.world.database, SCF.jobs)
    return done


def pay(traffic: Traffic) -> bool:
    world, random = traffic.world, traffic.random
    called = tuple(call.advance_id for call in traffic.rows("guarantee_call"))
    late = traffic.one("advance", status="funded", id=called) if random.random() < 0.3 else None
    advance = late or traffic.one("advance", status=("funded", "settled", "repurchased"))
    if advance is None:
        return False
    traffic.count += 1
    open_minor = traffic.rows("receivable", id=advance.receivable_id)[0].open_minor
    amount = random.choice((open_minor, open_minor, open_minor * 9 // 10, open_minor + 1_000, 50_00))
    anchor = next(name for name, id in world.organisations.items() if id == advance.anchor_id)
    iban = IBANS[anchor] if late or random.random() < 0.8 else NOBODY
    text = random.choice((advance.ref, advance.ref, advance.ref.lower().replace("-", " "), "our payment"))
    world.bank.expect(IncomingMoney(f"M{traffic.count}", anchor, iban, max(1, amount), world.today, text=text))
    return True


def sort_cash(traffic: Traffic) -> bool:
    collection = traffic.one("collection", status=("received", "part_applied"))
    if collection is None:
        return False
    if collection.payer_id is None:
        payer = traffic.world.organisations[traffic.random.choice(list(ANCHORS))]
        return accepted(traffic.banker(IDENTIFY, Identification(collection.id, payer)))
    advance = traffic.one("advance", anchor_id=collection.payer_id)
    return advance is not None and accepted(traffic.banker(APPLY, Application(collection.id, advance.id)))


def bounce(traffic: Traffic) -> bool:
    payout = traffic.one("payout", status="sent") or traffic.one("payout", status="cleared")
    if payout is None or payout.id in traffic.bounced:
        return False
    traffic.bounced.add(payout.id)
    world, book = traffic.world, traffic.rows("book")[0]
    world.bank.bounce(payout_ref(payout.id), traffic.random.choice((world.today, book.previous_on)))
    # the bank tells at once: before the statement that would clear the payout
    for number, file in enumerate(world.bank.notifications(book.previous_on)):
        receive(world.database, world.book_id, f"{payout.id}-{number}.xml", file)
    return True


def pay_again(traffic: Traffic) -> bool:
    payout = traffic.one("payout", status="returned")
    return payout is not None and accepted(traffic.two_bankers(REINSTRUCT_BY_PEOPLE, Reinstruction(payout.id)))


def change_account(traffic: Traffic) -> bool:
    name = traffic.random.choice(list(SUPPLIERS))
    iban = traffic.random.choice((*OTHER_IBANS, IBANS[name]))
    return accepted(traffic.two_bankers(AGREE_ACCOUNT, NewAccount(traffic.world.organisations[name], iban, name, EUR)))


def move_limit(traffic: Traffic) -> bool:
    world, random = traffic.world, traffic.random
    kind, name = random.choice(
        (
            (LimitKind.ANCHOR, "Halberd"),
            (LimitKind.ANCHOR, "Kestrel"),
            (LimitKind.OBLIGOR_GROUP, "Halberd"),
            (LimitKind.SUPPLIER, "Elm Plastics"),
            (LimitKind.SUPPLIER, "Dogwood Fittings"),
            (LimitKind.GUARANTOR, "Harbour Guarantee"),
        )
    )
    ceiling = random.choice((20_000_00, 150_000_00, 250_000_00, 400_000_00)) if random.random() < 0.9 else 0
    return accepted(traffic.two_bankers(SET_LIMIT, Ceiling(kind, world.organisations[name], EUR, ceiling)))


def hold(traffic: Traffic) -> bool:
    with traffic.world.database.reading() as connection:
        found = limits.standings(connection, traffic.world.book_id)
    held = [each for each in found if each.hold]
    each = traffic.random.choice(held or found)
    return accepted(traffic.banker(HOLD, Hold(each.limit_id, "" if each.hold else "watched")))


def lose(traffic: Traffic) -> bool:
    advance = traffic.one("advance", status=("funded", "written_off"), kind="bought")
    if advance is None:
        return False
    today = traffic.world.today
    if advance.status == "written_off":
        done = accepted(traffic.banker(RECOVER, Recovery(advance.id, EUR, traffic.some(5_000_00), today)))
        return accepted(traffic.banker(PAY_GUARANTOR, GuarantorPayment(advance.id, EUR, 1_00, today))) or done
    if advance.due_on >= today:
        return False
    done = accepted(traffic.banker(IMPAIR, Impairment(advance.id)))
    return accepted(traffic.two_bankers(WRITE_OFF_BY_PEOPLE, WriteOff(advance.id))) or done


def collect(traffic: Traffic) -> bool:
    """Money from suppliers and guarantors for what they owe."""
    today = traffic.world.today
    claim, call = traffic.one("claim", status="open"), traffic.one("guarantee_call")
    done = False
    if claim is not None:
        payment = ClaimPayment(claim.advance_id, EUR, traffic.some(claim.amount_minor), today)
        done = accepted(traffic.banker(COLLECT_CLAIM, payment))
    if call is not None:
        done = accepted(traffic.banker(COLLECT_GUARANTEE, GuaranteePayment(call.advance_id, today))) or done
    return done


def ask_again(traffic: Traffic) -> bool:
    """An earlier command under its own key gives its first answer, and changes nothing."""
    earlier: Asked = traffic.random.choice(traffic.world.asked)
    before = sizes(traffic)
    again = run(
        traffic.world.database,
        earlier.command,
        earlier.batch,
        key=earlier.key,
        actor=earlier.actor,
        scope=earlier.scope,
    )
    assert again == earlier.outcomes
    assert sizes(traffic) == before
    return True


def sizes(traffic: Traffic) -> list[int]:
    with traffic.world.database.reading() as connection:
        counted = (select(func.count()).select_from(table) for table in (command_logs, journals, postings))
        return [connection.execute(query).scalar_one() for query in counted]


VERBS: tuple[tuple[Callable[[Traffic], bool], int], ...] = (
    (confirm, 10),
    (ask, 3),
    (answer, 5),
    (credit, 4),
    (pay, 7),
    (sort_cash, 4),
    (bounce, 2),
    (pay_again, 2),
    (change_account, 1),
    (move_limit, 1),
    (hold, 2),
    (lose, 3),
    (collect, 2),
    (ask_again, 3),
)
