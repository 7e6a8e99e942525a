"""The demo's files: deterministic, within their bounds, and read back with exactly the flaws they announce."""

from collections import Counter
from datetime import date, timedelta

import pytest

from invoices.canonical import ParsedInvoice
from invoices.checks import check, has_errors
from invoices.demo_data import DemoFiles, make_files
from invoices.demo_parties import ANCHORS, SUPPLIERS
from invoices.fingerprint import keys
from invoices.reader import read_file
from scf.organisations.registration import normal_id

START = date(2026, 1, 5)


def sorted_out(made: DemoFiles) -> tuple[Counter[str], list[ParsedInvoice], set[str]]:
    """What a correct upload finds: kinds counted, good invoices, and what the bad ones are about."""
    found: Counter[str] = Counter()
    good: list[ParsedInvoice] = []
    wrongs: set[str] = set()
    fingerprints: set[str] = set()
    disguises: set[str] = set()
    for file in made.files:
        supplier = SUPPLIERS[file.supplier]
        read = read_file(file.name, file.payload, seller_id=supplier.legal_id, seller_name=supplier.name)
        found["bad"] += len(read.errors)
        wrongs |= {error.field for error in read.errors}
        for invoice in read.rows:
            assert invoice.seller_id == normal_id(supplier.legal_id)
            findings = check(invoice, START, frozenset({"EUR"}))
            fingerprint, disguise = keys(invoice)
            if has_errors(findings):
                found["bad"] += 1
                wrongs |= {finding.rule for finding in findings}
            elif fingerprint in fingerprints:
                found["duplicate"] += 1
            elif disguise in disguises:
                found["disguised"] += 1
            else:
                found[invoice.kind] += 1
                good += [invoice] if invoice.kind == "invoice" else []
                fingerprints.add(fingerprint)
                disguises.add(disguise)
    return found, good, wrongs


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert make_files(7, 200, START) == make_files(7, 200, START)
    assert make_files(8, 200, START) != make_files(7, 200, START)


@pytest.mark.parametrize(("seed", "count"), [(7, 200), (1, 40), (99, 1000)])
def test_an_upload_finds_exactly_what_is_announced(seed: int, count: int) -> None:
    made = make_files(seed, count, START)
    found, _, wrongs = sorted_out(made)
    expected = made.expected
    assert found["invoice"] == expected.good
    assert found["credit_note"] == expected.credit_notes
    assert (found["duplicate"], found["disguised"]) == (expected.duplicates, expected.disguised)
    assert found["bad"] == expected.bad
    assert sum(found.values()) == count
    if count >= 100:
        currency_or_amount = {"currency", "cbc:DocumentCurrencyCode", "amount", "cbc:PayableAmount"}
        assert {"due_before_issue", "number_missing"} <= wrongs
        assert wrongs - {"due_before_issue", "number_missing"} <= currency_or_amount


def test_amounts_dates_and_parties_stay_within_their_bounds() -> None:
    _, good, _ = sorted_out(make_files(7, 1000, START))
    anchors = {normal_id(anchor.legal_id) for anchor in ANCHORS}
    for invoice in good:
        assert 80_000 <= invoice.payable_minor <= 6_000_000
        assert START - timedelta(days=14) <= invoice.issue_on <= START
        assert invoice.due_on is not None
        assert 20 <= (invoice.due_on - invoice.issue_on).days <= 75
        assert invoice.buyer_id in anchors
    assert {invoice.buyer_id for invoice in good} == anchors


def test_half_of_the_suppliers_send_xml_folders_and_half_send_lists() -> None:
    kinds: dict[int, set[str]] = {}
    for file in make_files(7, 200, START).files:
        kinds.setdefault(file.supplier, set()).add(file.name.rpartition(".")[2])
    assert kinds == {at: {"csv"} if at % 2 else {"xml"} for at in range(8)}


def test_no_two_files_are_the_same_bytes_so_that_hashes_do_not_give_duplicates_away() -> None:
    files = make_files(7, 1000, START).files
    assert len({file.payload for file in files}) == len(files)
    assert len({file.name for file in files}) == len(files)


def test_every_credit_note_names_an_invoice_and_is_smaller() -> None:
    made = make_files(7, 400, START)
    rows = [row for file in made.files for row in read_file(file.name, file.payload).rows]
    invoices = {row.number: row.payable_minor for row in rows if row.kind == "invoice"}
    credits = [row for row in rows if row.kind == "credit_note"]
    assert len(credits) == made.expected.credit_notes
    assert all(0 < credit.payable_minor < invoices[credit.credited_number] for credit in credits)


def test_too_few_invoices_for_the_suppliers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        make_files(7, 39, START)


def test_the_accounts_of_the_suppliers_have_valid_check_digits() -> None:
    for supplier in SUPPLIERS:
        turned = supplier.iban[4:] + supplier.iban[:4]
        assert int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
        assert len(supplier.iban) == 20
