"""Makes the demo's invoice files from a seed: UBL folders and CSV lists of several suppliers, with real-life flaws.

Deterministic: the same arguments give the same bytes. Among the good invoices stand credit notes, exact duplicates,
duplicates in disguise and bad lines, and the answer says how many of each a correct upload must find. All parties
are invented. Nothing is written to disk here.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from invoices.demo_parties import ANCHORS, SUPPLIERS, DemoParty
from invoices.demo_ubl import DemoInvoice, DemoLine, as_csv, as_ubl

ISSUE_WINDOW_DAYS = 14
TENOR_DAYS = (20, 75)
# Net totals, so that with 20 % VAT what is payable lies between 800.00 and 60,000.00.
_NET_MINOR = (67_000, 4_999_000)
_SHARES = {"credit_note": 25, "duplicate": 33, "disguised": 100, "bad": 25}
_GOODS = ("Cast housing", "Hex bolt M12", "Primer grey", "Roller bearing", "Hydraulic hose", "Signal cable", "Milling")


@dataclass(frozen=True, slots=True)
class DemoExpected:
    """How many rows of each kind a correct upload must find; good ones are invoices that can be submitted."""

    good: int
    credit_notes: int
    duplicates: int
    disguised: int
    bad: int


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file a supplier uploads; `supplier` is its place, from 0, in the suppliers given."""

    supplier: int
    name: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """The files in the order in which they are to be uploaded (an original before its duplicates)."""

    files: list[DemoFile]
    expected: DemoExpected


def make_files(
    seed: int,
    count: int,
    start_on: date,
    anchors: Sequence[DemoParty] = ANCHORS,
    suppliers: Sequence[DemoParty] = SUPPLIERS,
) -> DemoFiles:
    """Files with `count` invoices and credit notes of all kinds together, issued in the two weeks up to `start_on`.

    Suppliers at even places send a UBL file each invoice, the others one CSV list. Amounts are 800.00 to 60,000.00
    EUR, due 20 to 75 days after issue. `count` is at least five a supplier, so that every flaw finds its original.
    """
    if count < 5 * len(suppliers):
        raise ValueError(f"count must be at least {5 * len(suppliers)}")
    rng = Random(seed)
    flaws = [kind for kind, share in _SHARES.items() for _ in range(max(1, count // share))]
    good = [_invoice(rng, at, start_on, anchors, suppliers) for at in range(count - len(flaws))]
    originals = rng.sample(good, len(flaws))
    flawed = [_FLAWS[kind](original, at) for at, (kind, original) in enumerate(zip(flaws, originals, strict=True))]
    found = Counter(flaws)
    expected = DemoExpected(
        good=len(good),
        credit_notes=found["credit_note"],
        duplicates=found["duplicate"],
        disguised=found["disguised"],
        bad=found["bad"],
    )
    return DemoFiles(_files(good + flawed, suppliers), expected)


def _invoice(
    rng: Random, at: int, start_on: date, anchors: Sequence[DemoParty], suppliers: Sequence[DemoParty]
) -> DemoInvoice:
    supplier = at % len(suppliers)
    issue_on = start_on - timedelta(days=rng.randrange(ISSUE_WINDOW_DAYS))
    return DemoInvoice(
        kind="invoice",
        number=f"INV-{supplier + 1}{at // len(suppliers) + 1:04d}",
        seller=suppliers[supplier],
        buyer=rng.choice(anchors),
        issue_on=issue_on,
        due_on=issue_on + timedelta(days=rng.randint(*TENOR_DAYS)),
        lines=_lines(rng),
        order_ref=f"PO-{rng.randrange(10_000, 99_999)}",
    )


def _lines(rng: Random) -> tuple[DemoLine, ...]:
    """One to three lines; prices are multiples of five minor units, which keeps the VAT exact."""
    count, left = rng.randint(1, 3), rng.randint(*_NET_MINOR)
    lines = []
    for at in range(count, 0, -1):
        quantity = rng.randint(1, 20)
        price_minor = left // at // quantity // 5 * 5
        lines.append(DemoLine(rng.choice(_GOODS), quantity, price_minor))
        left -= quantity * price_minor
    return tuple(lines)


def _credit_note(original: DemoInvoice, at: int) -> DemoInvoice:
    """A tenth of the net amount comes back."""
    line = DemoLine("Goods returned", 1, original.net_minor // 10 // 5 * 5)
    return replace(
        original,
        kind="credit_note",
        number=f"CN-{at + 1:04d}",
        lines=(line,),
        credited_number=original.number,
    )


def _duplicate(original: DemoInvoice, at: int) -> DemoInvoice:
    """The same invoice; the note makes it another file, so that the file's hash does not give it away."""
    return replace(original, note=f"Copy {at} sent on request")


def _disguised(original: DemoInvoice, at: int) -> DemoInvoice:
    """The number written otherwise, the letter O for naughts, and another day of issue."""
    number = original.number.lower().replace("-", " ").replace("0", "O")
    return replace(original, number=number, issue_on=original.issue_on - timedelta(days=1), note=f"Invoice run {at}")


def _bad(original: DemoInvoice, at: int) -> DemoInvoice:
    """A new invoice with one thing wrong; the four wrongs take turns."""
    fresh = replace(original, number=f"BAD-{at + 1:04d}")
    return _WRONGS[at % len(_WRONGS)](fresh)


_WRONGS: tuple[Callable[[DemoInvoice], DemoInvoice], ...] = (
    lambda invoice: replace(invoice, due_on=invoice.issue_on - timedelta(days=5)),
    lambda invoice: replace(invoice, currency="EUX"),
    lambda invoice: replace(invoice, payable_text="1234.567"),
    lambda invoice: replace(invoice, number=""),
)
_FLAWS: dict[str, Callable[[DemoInvoice, int], DemoInvoice]] = {
    "credit_note": _credit_note,
    "duplicate": _duplicate,
    "disguised": _disguised,
    "bad": _bad,
}


def _files(invoices: Sequence[DemoInvoice], suppliers: Sequence[DemoParty]) -> list[DemoFile]:
    files = []
    for at, supplier in enumerate(suppliers):
        own = [invoice for invoice in invoices if invoice.seller is supplier]
        if at % 2:
            files.append(DemoFile(at, f"supplier-{at + 1}-invoices.csv", as_csv(own)))
        else:
            files += [
                DemoFile(at, f"supplier-{at + 1}-{place:04d}.xml", as_ubl(invoice))
                for place, invoice in enumerate(own, start=1)
            ]
    return files
