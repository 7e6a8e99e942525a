"""The bank's desk by its forms: limits, portfolio, cash, programmes, days; what two decide, one cannot."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from api_site import ApiCaller
from bank_site import TERMS, BankSite, open_bank
from sqlalchemy import select
from world import EUR, World, minor

from scf.factoring.pages.terms_form import typed_of
from scf.ids import text
from scf.limits.positions import LimitKind
from scf.payments.models import collections
from scf.payments.null_rail import IncomingMoney
from scf.roles import Role

TOKEN = 'name="csrf-token" content="'


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def opened(caller: ApiCaller, path: str, expected: int = 200) -> str:
    answer = caller.client.get(path, headers=caller.headers)
    assert answer.status_code == expected, (path, answer.status_code, answer.get_data(as_text=True)[:1500])
    return answer.get_data(as_text=True)


def sent(caller: ApiCaller, path: str, expected: int = 303, **fields: Any) -> str:
    """Send a form as a session would; what the next page says, or the page with what is wrong."""
    where = path.partition("/books/")[1] + path.partition("/books/")[2].partition("/")[0]
    token = opened(caller, f"{where}/desk").partition(TOKEN)[2].partition('"')[0]
    answer = caller.client.post(path, data={"csrf_token": token, **fields}, headers=caller.headers)
    assert answer.status_code == expected, (path, answer.status_code, answer.get_data(as_text=True)[:1500])
    if expected != 303:
        return answer.get_data(as_text=True)
    return opened(caller, answer.headers["Location"])


def anchors_limit(bank: BankSite, **more: str) -> dict[str, str]:
    return {"kind": "anchor", "holder": text("org", bank.world.organisations["Halberd"]), "currency": EUR, **more}


def test_a_limit_is_cut_after_its_dry_run_by_two(bank: BankSite) -> None:
    bank.request("INV-1", "300,000.00")
    officer, checker = bank.bank(Role.CREDIT_OFFICER), bank.at("Northbank", Role.CHECKER, name="Carl")
    assert "Halberd" in opened(officer, f"{bank.book}/limits") and "In order" in opened(officer, f"{bank.book}/limits")
    asked = "&".join(f"{name}={value}" for name, value in anchors_limit(bank, ceiling="200000.00").items())
    would = opened(officer, f"{bank.book}/limits/change?{asked}")
    assert "INV-1" in would and "Refused" in would and "Propose this ceiling" in would
    assert bank.world.position(LimitKind.ANCHOR, "Halberd").ceiling_minor == minor("1,000,000.00")
    fields = anchors_limit(bank, ceiling="200000.00", form_key="one")
    assert "waits for a second person" in sent(officer, f"{bank.book}/limits/propose", 303, **fields)
    waits = opened(checker, f"{bank.book}/approvals")
    proposal = waits.partition('name="take" value="')[2].partition('"')[0]
    said = sent(checker, f"{bank.book}/approvals/limits/accept", take=proposal, form_key="two")
    assert "1 proposal is accepted" in said
    assert bank.world.position(LimitKind.ANCHOR, "Halberd").ceiling_minor == minor("200,000.00")


def test_a_limit_is_suspended_for_a_reason_and_released(bank: BankSite) -> None:
    officer = bank.bank(Role.CREDIT_OFFICER)
    asked = "&".join(f"{name}={value}" for name, value in anchors_limit(bank, what="hold").items())
    assert "Say why" in opened(officer, f"{bank.book}/limits/change?{asked}", 422)
    assert "Suspend the limit now" in opened(officer, f"{bank.book}/limits/change?{asked}&reason=watch")
    limit_id = text("lim", bank.world.position(LimitKind.ANCHOR, "Halberd").limit_id)
    hold = f"{bank.book}/limits/hold"
    assert "Suspended: watch" in sent(officer, hold, limit_id=limit_id, reason="watch", form_key="one")
    assert "Lift the suspension now" in opened(
        officer, f"{bank.book}/limits/change?{asked.replace('what=hold', 'what=release')}"
    )
    assert "In order" in sent(officer, hold, limit_id=limit_id, reason="", form_key="two")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"ceiling": "12,5"}, "write an amount like 1234.50"),
        ({"ceiling": "1.001"}, "decimal"),
        ({"kind": "programme", "ceiling": "1"}, "stands on a programme"),
        ({"holder": "org_nonsense", "ceiling": "1"}, "stands on an organisation"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(bank: BankSite, asked: dict[str, str], words: str) -> None:
    given = {**anchors_limit(bank), **asked}
    query = "&".join(f"{name}={value}" for name, value in given.items())
    officer = bank.bank(Role.CREDIT_OFFICER)
    assert words in opened(officer, f"{bank.book}/limits/change?{query}", 422)
    assert words in sent(officer, f"{bank.book}/limits/propose", 422, form_key="one", **given)


def test_the_portfolio_is_drawn_in_the_currency_chosen(bank: BankSite) -> None:
    viewer = bank.bank(Role.VIEWER)
    assert "Nothing is out." in opened(viewer, f"{bank.book}/portfolio")
    bank.advance("INV-1")
    shown = opened(viewer, f"{bank.book}/portfolio?currency=XXX")
    assert "100,000.00" in shown and "data-chart" in shown and "Halberd" in shown and "Ash Castings" in shown


def money_of_nobody(bank: BankSite, ref: str = "INV-1", amount: str = "100,000.00") -> str:
    """A collection whose payer no account tells; the page of it."""
    world = bank.world
    world.bank.expect(
        IncomingMoney("B-1", "H. Trading", "GB29NWBK60161331926819", minor(amount), world.today, text=ref)
    )
    world.end_the_day()
    with world.database.reading() as connection:
        return text("col", connection.execute(select(collections.c.id)).scalar_one())


def test_money_of_nobody_is_identified_and_applied(bank: BankSite) -> None:
    advance = bank.advance("INV-1")
    collection = money_of_nobody(bank)
    banker = bank.bank(Role.OPERATIONS)
    assert "Say who paid" in opened(banker, f"{bank.book}/cash")
    shown = opened(banker, f"{bank.book}/cash/{collection}")
    assert "Halberd paid" in shown and "not known yet" in shown
    assert "Choose who paid" in sent(banker, f"{bank.book}/cash/identify", 422, collection_id=collection)
    payer = text("org", bank.world.organisations["Halberd"])
    shown = sent(banker, f"{bank.book}/cash/identify", collection_id=collection, payer_id=payer, form_key="one")
    assert "It is known now who paid." in shown and "Apply to INV-1" in shown
    fields = {"collection_id": collection, "advance_id": advance, "page": f"{bank.book}/cash"}
    shown = sent(banker, f"{bank.book}/cash/apply", 303, form_key="two", **fields)
    assert "The money is applied." in shown and "All money that came in is applied." in shown
    assert "Nothing left" in sent(banker, f"{bank.book}/cash/apply", 303, form_key="three", **fields)
    opened(banker, f"{bank.book}/cash/{collection.replace('col_', 'col_0')}", 404)


def test_a_bank_s_file_is_read_once_and_says_why_it_is_not(bank: BankSite) -> None:
    banker = bank.bank(Role.OPERATIONS)
    path = f"{bank.book}/cash/statement"
    assert "Choose a file." in sent(banker, path, 422)
    assert "The file was refused" in sent(banker, path, 422, file=(io.BytesIO(b"<nonsense/>"), "camt.xml"))


def test_a_payout_that_came_back_is_paid_again_by_two(bank: BankSite) -> None:
    world = bank.world
    bank.advance("INV-1")
    world.end_the_day()
    world.comes_back("INV-1", "AC04")
    world.end_the_day()
    banker, checker = bank.bank(Role.OPERATIONS), bank.at("Northbank", Role.CHECKER, name="Carl")
    shown = opened(banker, f"{bank.book}/cash")
    payout = shown.partition('name="take" value="')[2].partition('"')[0]
    assert payout.startswith("pay_")
    assert "Tick at least one payout." in sent(banker, f"{bank.book}/cash/pay-again", 422)
    said = sent(banker, f"{bank.book}/cash/pay-again", take=payout, form_key="one")
    assert "1 payout waits for a second person." in said
    proposal = opened(checker, f"{bank.book}/approvals").partition('name="take" value="')[2].partition('"')[0]
    assert "1 proposal is accepted" in sent(checker, f"{bank.book}/approvals/payouts/accept", take=proposal)
    assert "No payout came back" in opened(banker, f"{bank.book}/cash")


def test_the_day_is_watched_step_by_step(bank: BankSite) -> None:
    viewer, world = bank.bank(Role.VIEWER), bank.world
    gone = world.today.isoformat()
    assert "To come" in opened(viewer, f"{bank.book}/days")
    world.end_the_day()
    shown = opened(viewer, f"{bank.book}/days?on={gone}")
    assert "0 collections applied" in shown and "To come" not in shown
    assert "Nothing ran on this day." in opened(viewer, f"{bank.book}/days?on=2020-01-01")
    assert "To come" in opened(viewer, f"{bank.book}/days?on=nonsense")


def test_terms_are_tried_out_then_offered_by_two(bank: BankSite) -> None:
    bank.claim("INV-1")
    officer, checker = bank.bank(Role.CREDIT_OFFICER), bank.at("Northbank", Role.CHECKER, name="Carl")
    programme = opened(officer, f"{bank.book}/programmes").partition("/programmes/prg_")[2].partition('"')[0]
    page = f"{bank.book}/programmes/prg_{programme}"
    assert "Ash Castings" in opened(officer, page) and "In force" in opened(officer, page)
    opened(officer, f"{bank.book}/programmes/prg_1{programme[1:]}", 404)
    path = f"{bank.book}/enrolments/{text('enr', bank.world.enrolments['Ash Castings'])}/terms"
    assert 'value="6"' in opened(officer, path)
    fields = typed_of(TERMS) | {"from_on": bank.world.today.isoformat(), "rate": "8", "tenor_max_days_refuse": "90"}
    shown = opened(officer, f"{path}?{urlencode(fields)}")
    assert "INV-1" in shown and "→ 8" in shown and "Propose these terms" in shown
    too_dear = opened(officer, f"{path}?{urlencode(fields | {'rate': '120'})}", 422)
    assert "is outside 0 to" in too_dear
    early = {"from_on": "2020-01-01"}
    assert "at the earliest" in sent(officer, f"{path}/propose", 422, **(fields | early))
    assert "wait for a second person" in sent(officer, f"{path}/propose", 303, form_key="one", **fields)
    waits = opened(checker, f"{bank.book}/approvals")
    proposal = waits.partition('name="take" value="')[2].partition('"')[0]
    assert "1 proposal is accepted" in sent(checker, f"{bank.book}/approvals/terms/accept", take=proposal)
    assert "none yet" in opened(officer, page)


def test_a_programme_is_opened_and_a_supplier_enrolled_by_their_numbers(bank: BankSite) -> None:
    officer, viewer = bank.bank(Role.CREDIT_OFFICER), bank.bank(Role.VIEWER)
    assert "Open a programme" not in opened(viewer, f"{bank.book}/programmes")
    path = f"{bank.book}/programmes"
    assert "Open a programme" in opened(officer, path)
    wrong = sent(officer, f"{path}/open", 422, name="Steel", party="NOBODY-1")
    assert "Nobody is registered under this number" in wrong and 'value="Steel"' in wrong
    shown = sent(officer, f"{path}/open", name="Steel", party="reg fjord cover", form_key="one")
    assert "The programme is open" in shown and "No supplier is enrolled yet." in shown
    assert "Name taken" in sent(officer, f"{path}/open", 409, name="Steel", party="REG-Fjord Cover", form_key="two")
    programme = opened(officer, path).partition(">Steel<")[0].rpartition("/programmes/")[2].partition('"')[0]
    enrol = f"{path}/{programme}/enrol"
    assert "Terms of Birch Tools" in sent(officer, enrol, party=text("org", bank.world.organisations["Birch Tools"]))
    assert "Already enrolled" in sent(officer, enrol, 409, party="REGBIRCHTOOLS", form_key="three")
    assert "Birch Tools" in opened(officer, f"{path}/{programme}")


def test_a_case_shows_its_invoice_and_who_confirmed_it(bank: BankSite) -> None:
    shown = opened(bank.bank(Role.CREDIT_OFFICER), f"{bank.book}/cases/{bank.request('INV-1')}")
    assert "The invoice and its confirmation" in shown and "Conditional" in shown and "C. of Halberd" in shown


def test_a_case_shows_what_was_sent_beside_what_was_read(bank: BankSite) -> None:
    shown = opened(bank.bank(Role.CREDIT_OFFICER), f"{bank.book}/cases/{bank.request('INV-1')}")
    before, _pre, after = shown.partition("<pre")
    sent = after.partition("</pre>")[0]
    assert "As it was sent" in before and "INV-1,REG-Halberd" in sent and "invoice number" in sent
