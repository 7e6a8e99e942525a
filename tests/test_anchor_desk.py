"""The anchor's pages over a test client: what waits, proposed by one and checked by another, rejected, disputed."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from bank_site import START, TERMS
from browsing import Browser, site_on
from signing_in import House
from statements import counted
from world import World

from anchors.adoption import Part, part
from anchors.pages.routes import MENU
from scf.ids import text
from scf.roles import Role
from scf.screens import Desk

DUE = date(2026, 3, 6)


@dataclass
class Anchor:
    """Mona, a maker of Halberd, and whoever else sits there."""

    world: World
    app: Any
    house: House
    invoices: dict[str, str] = field(default_factory=dict)

    def signed_in(self, name: str, *roles: Role) -> Browser:
        self.house.person(name, *roles)
        browser = Browser(self.app)
        browser.sign_in(name)
        return browser

    def sent(self, number: str, supplier: str = "Ash Castings", face: str = "1,000.00", due_on: date = DUE) -> str:
        self.invoices[number] = text("inv", self.world.sent(number, supplier, "Halberd", face, due_on))
        return self.invoices[number]


@pytest.fixture
def halberd(world: World, tmp_path: Path) -> Anchor:
    world.register("Northbank", "Halberd", "Ash Castings", "Birch Tools")
    world.open_book("Northbank", START)
    programme = world.programme("Halberd")
    for name in ("Birch Tools", "Ash Castings"):
        world.enrol(programme, name)
        world.agree(name, TERMS)
    app = site_on(world.database, tmp_path)
    return Anchor(world, app, House(world.database, world.organisations["Halberd"]))


@pytest.fixture
def mona(halberd: Anchor) -> Browser:
    return halberd.signed_in("Mona", Role.MAKER)


def checker(halberd: Anchor, name: str = "Carl", *also: Role) -> Browser:
    browser = halberd.signed_in(name, Role.CHECKER, *also)
    browser.set_up_totp(halberd.house)
    return browser


def proposes(mona: Browser, *ids: str, **fields: Any) -> Any:
    form = {"take": list(ids), "undertaking": "irrevocable", "form_key": "once", **fields}
    return mona.send("/anchor/confirm/propose", on="/anchor/confirm", **form)


def ticks(page: str) -> list[str]:
    return re.findall(r'name="take" value="(\w+)"', page)


def test_the_menu_leads_to_pages_that_open_with_nothing_in_them(halberd: Anchor, mona: Browser) -> None:
    for entry in MENU:
        shown = mona.page(entry.path)
        assert "<h1>" in shown and (f'href="{entry.path}"' in shown) == (entry.desk is Desk.ANCHOR)
    assert "Nothing waits for your confirmation" in mona.page("/anchor/confirm")


def test_a_maker_proposes_takes_back_and_a_checker_confirms(halberd: Anchor, mona: Browser) -> None:
    first, second = halberd.sent("INV-1"), halberd.sent("INV-2", face="500.00")
    assert ticks(mona.page("/anchor/confirm")) == [first, second]
    assert proposes(mona, first, second, **{f"amount-{second}": "400.00"}).status_code == 303
    shown = mona.page("/anchor/confirm")
    assert "2 confirmations are proposed" in shown and ticks(shown) == []
    own = mona.page("/anchor/proposals")
    assert "Nobody checks their own" in own and "1,400.00" in own and "a part" in own and len(ticks(own)) == 2
    assert mona.send("/anchor/proposals/undo", on="/anchor/proposals", proposed_by="once").status_code == 303
    assert len(ticks(mona.page("/anchor/confirm"))) == 2
    assert proposes(mona, second, form_key="again").status_code == 303
    carl = checker(halberd)
    (proposal,) = ticks(carl.page("/anchor/proposals"))
    confirmed = carl.send("/anchor/proposals/accept", on="/anchor/proposals", take=[proposal])
    assert (confirmed.status_code, confirmed.headers["Location"]) == (303, "/anchor/proposals")
    assert "1 invoice is confirmed" in carl.page("/anchor/proposals")
    assert "irrevocable" in carl.page("/anchor/confirmations").lower() and "INV-2" in carl.page("/anchor/owed")


def test_nobody_checks_their_own_and_a_checker_shows_a_second_factor(halberd: Anchor) -> None:
    halberd.sent("INV-1")
    both = checker(halberd, "Bo", Role.MAKER)
    proposes(both, halberd.invoices["INV-1"])
    page = both.page("/anchor/proposals")
    (proposal,) = ticks(page)
    assert "Nothing that others proposed waits." in page
    refused = both.send("/anchor/proposals/accept", on="/anchor/proposals", take=[proposal])
    assert refused.status_code == 409 and "Same person" in refused.text
    carl = checker(halberd)
    halberd.house.later(minutes=20)
    form = {"take": [proposal], "page": "/anchor/proposals"}
    sent = carl.send("/anchor/proposals/accept", on="/anchor/proposals", **form)
    assert sent.headers["Location"].startswith("/sign-in/factor")


def test_a_proposal_is_declined_and_its_invoice_waits_again(halberd: Anchor, mona: Browser) -> None:
    proposes(mona, halberd.sent("INV-1"))
    carl = checker(halberd)
    (proposal,) = ticks(carl.page("/anchor/proposals"))
    carl.send("/anchor/proposals/decline", on="/anchor/proposals", take=[proposal])
    assert "its invoice waits again" in carl.page("/anchor/proposals")
    assert ticks(mona.page("/anchor/confirm")) == [halberd.invoices["INV-1"]]
    late = mona.send("/anchor/proposals/withdraw", on="/anchor/confirm", take=[proposal])
    assert late.status_code == 409 and "Already decided" in late.text


FILTERS = {
    "supplier": ("supplier_id={birch}", {"INV-3"}),
    "due": ("due_from=2026-03-07&due_to=2026-03-07", {"INV-2"}),
    "amount": ("amount_from=500.00&amount_to=999.99", {"INV-3"}),
    "number": ("number=inv-2", {"INV-2"}),
}


@pytest.mark.parametrize("case", FILTERS)
def test_what_waits_is_filtered_and_all_that_fits_is_proposed(halberd: Anchor, mona: Browser, case: str) -> None:
    asked, expected = FILTERS[case]
    halberd.sent("INV-1")
    halberd.sent("INV-2", due_on=date(2026, 3, 7))
    halberd.sent("INV-3", "Birch Tools", "500.00")
    query = asked.format(birch=text("org", halberd.world.organisations["Birch Tools"]))
    page = mona.page(f"/anchor/confirm?{query}")
    assert set(ticks(page)) == {halberd.invoices[number] for number in expected}
    now = re.search(r'name="all" value="([^"]+)"', page)
    assert now is not None
    halberd.house.later(minutes=1)
    halberd.sent(f"{min(expected)}-late", "Birch Tools", "500.00", date(2026, 3, 7))
    typed = dict(pair.split("=") for pair in query.split("&"))
    proposes(mona, all=now[1], **typed)
    proposed = mona.page("/anchor/proposals")
    assert len(ticks(proposed)) == len(expected) and "late" not in proposed


WRONG: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "nothing ticked": ({"take": []}, "Tick at least one invoice."),
    "nonsense": ({"take": ["nonsense"]}, "give an id like"),
    "too much": ({"amount-{id}": "1000.01"}, "at most 1000.00"),
    "no amount": ({"amount-{id}": "x"}, "is no amount"),
    "no promise": ({"undertaking": ""}, "Fill this in."),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(halberd: Anchor, mona: Browser, case: str) -> None:
    id = halberd.sent("INV-1")
    fields, words = WRONG[case]
    form = {"take": [id], "undertaking": "irrevocable", **fields}
    given = {name.replace("{id}", id): value for name, value in form.items()}
    answer = mona.send("/anchor/confirm/propose", on="/anchor/confirm", **given)
    assert answer.status_code == 422 and words in answer.text, answer.text
    assert "INV-1" in answer.text


def test_what_is_due_already_needs_a_day_of_payment(halberd: Anchor, mona: Browser) -> None:
    late = halberd.sent("INV-1", due_on=halberd.world.today)
    page = mona.page("/anchor/confirm")
    assert f'name="due-{late}"' in page and 'name="all"' not in page
    assert proposes(mona, late).status_code == 422
    gone = proposes(mona, late, **{f"due-{late}": "2026-01-01"})
    assert gone.status_code == 422 and "Give a day ahead" in gone.text
    assert proposes(mona, late, **{f"due-{late}": "tomorrow"}).status_code == 422
    assert proposes(mona, late, form_key="two", **{f"due-{late}": "2026-03-09"}).status_code == 303


def test_invoices_are_rejected_and_disputed_with_a_reason(halberd: Anchor, mona: Browser) -> None:
    first, second = halberd.sent("INV-1"), halberd.sent("INV-2")
    wordless = mona.send("/anchor/confirm/dispute", on="/anchor/confirm", take=[first], reason="quality")
    assert wordless.status_code == 409 and "Words missing" in wordless.text
    said = {"reason": "quality", "words": "Rust on all of it."}
    mona.send("/anchor/confirm/dispute", on="/anchor/confirm", take=[first], **said)
    assert "1 invoice is disputed" in mona.page("/anchor/confirm")
    mona.send("/anchor/confirm/reject", on="/anchor/confirm", take=[second], reason="duplicate")
    assert "1 invoice is rejected" in mona.page("/anchor/disputes")
    assert "Rust on all of it." in mona.page("/anchor/disputes")


def test_it_costs_the_same_statements_at_any_number_and_comes_in_pages(halberd: Anchor, mona: Browser) -> None:
    halberd.sent("INV-0")
    mona.page("/anchor/confirm")
    with counted(halberd.world.database.engine) as few:
        mona.page("/anchor/confirm")
    for n in range(1, 102):
        halberd.sent(f"INV-{n}")
    with counted(halberd.world.database.engine) as many:
        page = mona.page("/anchor/confirm")
    assert len(many) == len(few) and len(ticks(page)) == 100
    onward = re.search(r'href="([^"]+)" rel="next"', page)
    assert onward is not None
    assert len(ticks(mona.page(onward[1].replace("&amp;", "&")))) == 2


def test_the_first_page_says_what_waits_and_when_to_pay(halberd: Anchor, mona: Browser) -> None:
    halberd.world.confirmed("INV-0", "Ash Castings", "Halberd", "700.00", date(2026, 1, 9))
    halberd.sent("INV-1", due_on=date(2026, 1, 20))
    shown = mona.page("/anchor")
    assert "Payments due in January 2026" in shown and "700.00" in shown and "1,000.00" in shown
    assert 'href="/anchor/owed?due_from=2026-01-09&amp;due_to=2026-01-09"' in shown
    assert "Payments due in February 2026" in mona.page("/anchor?month=2026-02")
    assert "Payments due in January 2026" in mona.page("/anchor?month=nonsense")


def test_an_invoice_is_confirmed_in_part_on_its_page(halberd: Anchor, mona: Browser) -> None:
    id = halberd.sent("INV-1")
    at = f"/anchor/invoices/{id}"
    form = {"invoice_id": id, "currency": "EUR", "due_on": "2026-03-06", "undertaking": "conditional"}
    wrong = mona.send(f"{at}/propose", on=at, **form, amount="12.345")
    assert wrong.status_code == 422 and 'value="12.345"' in wrong.text
    foreign = mona.send(f"{at}/propose", on=at, **{**form, "invoice_id": halberd.sent("INV-2")}, amount="1.00")
    assert foreign.status_code == 422
    assert mona.send(f"{at}/propose", on=at, **form, amount="900.00").status_code == 303
    shown = mona.page(at)
    assert "Proposed, not checked yet" in shown and "900.00" in shown and "Confirm it" not in shown
    again = mona.send(f"{at}/propose", on=at, **form, amount="901.00")
    assert again.status_code == 409 and "Already proposed" in again.text
    mona.send(f"{at}/reject", on=at, invoice_id=id, reason="duplicate")
    assert "Duplicate" in mona.page(at)
    mona.page(f"/anchor/invoices/{text('inv', 7)}", 404)


def test_a_dispute_is_written_about_by_both_sides_and_settled(halberd: Anchor, mona: Browser) -> None:
    id = halberd.sent("INV-1")
    at, theirs = f"/anchor/invoices/{id}", f"/supplier/invoices/{id}"
    mona.send(f"{at}/dispute", on=at, invoice_id=id, reason="quality", words="Rust on <b>all</b> of it.")
    page = mona.page(at)
    dispute = re.search(r'name="dispute_id" value="(\w+)"', page)
    assert dispute is not None and "Rust on &lt;b&gt;all" in page and "Confirm it" not in page
    form = {"dispute_id": dispute[1]}
    House(halberd.world.database, halberd.world.organisations["Ash Castings"]).person("Sue", Role.MAKER)
    sue = Browser(halberd.app)
    sue.sign_in("Sue")
    assert "Rust on" in sue.page("/supplier/disputes") and "Settle the dispute" not in sue.page(theirs)
    answered = sue.send("/supplier/disputes/answer", on=theirs, **form, words="It is paint.")
    assert answered.headers["Location"] == theirs
    assert "Sue" in sue.page(theirs).partition("It is paint.")[0].rpartition("<li>")[2]
    shown = mona.page(at)
    assert "It is paint." in shown and "Sue" not in shown
    mona.send("/anchor/disputes/answer", on=at, **form)
    assert "Say in words" in mona.page(at)
    mona.send("/anchor/disputes/settle", on=at, **form)
    shown = mona.page(at)
    assert "The dispute is settled" in shown and "Confirm it" in shown
    late = sue.send("/supplier/disputes/answer", on=theirs, **form, words="Fine.")
    assert late.status_code == 303 and "Not open" in sue.page(theirs)
    nobody = sue.send("/supplier/disputes/answer", on=theirs, dispute_id=text("dsp", 7), words="x")
    assert nobody.status_code == 404


LIST = """supplier;invoice number;amount;currency;due date
Ash Castings;inv 1;1000,00;EUR;06.03.2026
REG-Birch Tools;INV-2;400,00;EUR;06.03.2026
Ash Castings;INV-3;1000,00;EUR;07.03.2026
Ash Castings;INV-9;5,00;EUR;06.03.2026
Ash Castings;INV-4;1000,00;EUR;06.03.2026
Ash Castings;INV-5;x;EUR;06.03.2026
"""


def test_a_list_is_compared_and_what_is_equal_is_proposed(halberd: Anchor, mona: Browser) -> None:
    for number in ("INV-1", "INV-3", "INV-4", "INV-6"):
        halberd.sent(number)
    halberd.sent("INV-2", "Birch Tools", "500.00")
    proposes(mona, halberd.invoices["INV-4"], form_key="before")
    shown = mona.send("/anchor/file", file=(io.BytesIO(LIST.encode()), "ours.csv")).text
    assert "ours.csv compared" in shown and ticks(shown) == [halberd.invoices["INV-1"]]
    order = ["amount_differs", "due_date_differs", "not_received", "not_in_file", "decided"]
    assert re.findall(r'aria-labelledby="(\w+)"', shown)[-5:] == order
    for kind, number in zip(order, ("INV-2", "INV-3", "INV-9", "INV-6", "INV-4"), strict=True):
        assert number in shown.partition(f'aria-labelledby="{kind}"')[2].partition("</section>")[0]
    assert "&#39;x&#39; is no amount" in shown
    assert proposes(mona, *ticks(shown)).status_code == 303
    assert "INV-1" in mona.page("/anchor/proposals")


@pytest.mark.parametrize(("content", "status"), [(b"", 409), (b"a,b", 409), (None, 422)])
def test_what_is_no_list_says_why(mona: Browser, content: bytes | None, status: int) -> None:
    files: dict[str, Any] = {} if content is None else {"file": (io.BytesIO(content), "ours.csv")}
    answer = mona.send("/anchor/file", **files)
    assert answer.status_code == status and 'id="file-wrong"' in answer.text


def test_a_comparison_costs_the_same_at_any_number(halberd: Anchor, mona: Browser) -> None:
    seen = []
    for n in (1, 9):
        halberd.sent(f"INV-{n}")
        content = "\n".join([LIST.splitlines()[0], *(f"Ash Castings;INV-{m};1,00;EUR;06.03.2026" for m in range(n))])
        with counted(halberd.world.database.engine) as statements:
            mona.send("/anchor/file", file=(io.BytesIO(content.encode()), "ours.csv"))
        seen.append(len(statements))
    assert seen[0] == seen[1]


def test_who_takes_part_is_told_by_what_was_submitted(halberd: Anchor, mona: Browser) -> None:
    halberd.sent("INV-1")
    shown = mona.page("/anchor/adoption")
    ash, birch = (shown.partition(f">{name}</a>")[2].partition("</tr>")[0] for name in ("Ash Castings", "Birch Tools"))
    assert "Takes part" in ash.replace('data-label="Takes part"', "") and ">Invited</span>" in birch
    with counted(halberd.world.database.engine) as few:
        mona.page("/anchor/adoption")
    for n in range(2, 6):
        halberd.sent(f"INV-{n}", "Birch Tools")
    with counted(halberd.world.database.engine) as many:
        assert ">Invited</span>" not in mona.page("/anchor/adoption")
    assert len(many) == len(few)
    moment = halberd.world.database.clock.now()
    assert [part(at, START + timedelta(days=days)) for at, days in ((None, 0), (moment, 90), (moment, 92))] == [
        Part.INVITED, Part.TAKES_PART, Part.QUIET,
    ]  # fmt: skip
