"""The whole book as plain-text accounting, for other people's programs to check our sums.

hledger reads journals by value date with `date2` the business date; beancount gets the same with metadata. Memorandum
accounts are left out: they are no part of the trial balance. Both end with the balances we believe in, to be asserted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Connection, select

from scf.ledger import queries
from scf.ledger.chart import CHART, full_name
from scf.ledger.models import accounts
from scf.money import decimal_string
from scf.organisations.models import organisations

_DASHED = re.compile(r"[\W_]+")


def write(connection: Connection, book_id: int, form: str, emit: Callable[[str], object]) -> None:
    """Write a book in the form `hledger` or `beancount`, a piece at a time."""
    names = _names(connection, book_id)
    lines = (line for line in queries.lines(connection, book_id) if line.debit_account_id in names)
    final = [b for b in queries.balances(connection, book_id) if b.account_id in names]
    for piece in _FORMS[form](names, lines, final):
        emit(piece)


def _names(connection: Connection, book_id: int) -> dict[int, str]:
    """Account names: class, code, and the owner's name where one owns it; to names that are alike the id is added."""
    rows = connection.execute(
        select(accounts.c.id, accounts.c.code, accounts.c.owner_id, organisations.c.name)
        .outerjoin(organisations, organisations.c.id == accounts.c.owner_id)
        .where(accounts.c.book_id == book_id)
        .order_by(accounts.c.id)
    ).all()
    owners: dict[str, set[int]] = {}
    for row in rows:
        owners.setdefault(_alike(row.name or ""), set()).add(row.owner_id)
    return {
        row.id: full_name(row.code) + _owner(row.owner_id, _plain(row.name or ""), owners)
        for row in rows
        if not CHART[row.code].memorandum
    }


def _owner(owner_id: int, name: str, owners: dict[str, set[int]]) -> str:
    if not owner_id:
        return ""
    alone = _alike(name) and len(owners[_alike(name)]) == 1
    return f":{name}" if alone else f":{name} {owner_id}"


def _alike(name: str) -> str:
    """What is left of a name in beancount, which knows letters, digits and dashes; names alike there get numbers."""
    return _DASHED.sub("-", name).strip("-").casefold()


def _plain(name: str) -> str:
    # two blanks or a colon would end or split an account's name
    return re.sub(r"\s+", " ", name.replace(":", " ").replace(";", " ")).strip()


def _hledger(names: dict[int, str], lines: Iterable[queries.Line], final: list[queries.Balance]) -> Iterator[str]:
    for currency in sorted({balance.currency for balance in final}):
        yield f"commodity {currency} {_sample(currency)}\n"
    for name in sorted(set(names.values())):
        yield f"account {name}\n"
    last = None
    for _, journal in groupby(lines, lambda line: line.journal_id):
        first, *rest = journal
        last = first.value_date
        yield f"\n{first.value_date}={first.business_date} {first.event}{_ref(first.ref)}\n"
        for line in (first, *rest):
            amount = decimal_string(line.amount_minor, line.currency)
            yield f"    {names[line.debit_account_id]}  {line.currency} {amount}\n"
            yield f"    {names[line.credit_account_id]}  {line.currency} -{amount}\n"
    if last is not None:
        yield f"\n{last} balances asserted\n"
        for balance in final:
            net = decimal_string(balance.net_minor, balance.currency)
            zero = decimal_string(0, balance.currency)
            yield f"    {names[balance.account_id]}  {balance.currency} {zero} = {balance.currency} {net}\n"


def _beancount(names: dict[int, str], lines: Iterable[queries.Line], final: list[queries.Balance]) -> Iterator[str]:
    plain = {id: _beancount_name(name) for id, name in names.items()}
    yield 'option "title" "book"\n'
    for name in sorted(set(plain.values())):
        yield f"1970-01-01 open {name}\n"
    last = None
    for _, journal in groupby(lines, lambda line: line.journal_id):
        first, *rest = journal
        last = first.value_date
        yield f'\n{first.value_date} * "{first.event}" "{_quoted(first.ref)}"\n  booked: {first.business_date}\n'
        for line in (first, *rest):
            amount = decimal_string(line.amount_minor, line.currency)
            yield f"  {plain[line.debit_account_id]}  {amount} {line.currency}\n"
            yield f"  {plain[line.credit_account_id]}  -{amount} {line.currency}\n"
    if last is not None:
        yield "\n"
        for balance in final:
            yield f"{_next(last)} balance {plain[balance.account_id]}  "
            yield f"{decimal_string(balance.net_minor, balance.currency)} {balance.currency}\n"


def _beancount_name(name: str) -> str:
    heading, *parts = name.split(":")
    words = [_DASHED.sub("-", part).strip("-") for part in parts]
    return ":".join([heading.capitalize(), *(word[:1].upper() + word[1:] for word in words)])


def _sample(currency: str) -> str:
    # hledger learns the decimals from a sample amount; one without decimals still needs its point
    sample = decimal_string(10 ** (3 + len(decimal_string(0, currency).partition(".")[2])), currency)
    return sample if "." in sample else f"{sample}."


def _ref(ref: str) -> str:
    return f" | {_plain(ref)}" if ref else ""


def _quoted(ref: str) -> str:
    return ref.replace("\\", "").replace('"', "'")


def _next(on: date) -> date:
    return on + timedelta(days=1)


_FORMS: dict[str, Callable[[dict[int, str], Iterable[queries.Line], list[queries.Balance]], Iterator[str]]] = {
    "hledger": _hledger,
    "beancount": _beancount,
}
FORMS = tuple(_FORMS)
