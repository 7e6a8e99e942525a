"""Closing a day in the ledger: immutable totals by account, business date and value date. A part of the day's close."""

from datetime import date

from sqlalchemy import Connection, case, func, insert, literal, select

from scf.ledger.models import account_days, accounts, journals, postings


def write_account_days(connection: Connection, book_id: int, business_date: date) -> None:
    """Write a closed day's totals: one INSERT … SELECT, whatever the day held. The day must have moved on before."""
    side = case((accounts.c.id == postings.c.debit_account_id, 1), else_=0)
    movement = (
        select(accounts.c.id, journals.c.value_date, postings.c.amount_minor, side.label("debit"))
        .select_from(journals)
        .join(postings, postings.c.journal_id == journals.c.id)
        .join(
            accounts,
            (accounts.c.id == postings.c.debit_account_id) | (accounts.c.id == postings.c.credit_account_id),
        )
        .where(journals.c.book_id == book_id, journals.c.business_date == business_date)
        .subquery()
    )
    debit = func.sum(movement.c.amount_minor * movement.c.debit)
    credit = func.sum(movement.c.amount_minor * (1 - movement.c.debit))
    connection.execute(
        insert(account_days).from_select(
            ["account_id", "business_date", "value_date", "book_id", "debit_minor", "credit_minor"],
            select(
                movement.c.id,
                literal(business_date, account_days.c.business_date.type),
                movement.c.value_date,
                literal(book_id, account_days.c.book_id.type),
                debit,
                credit,
            ).group_by(movement.c.id, movement.c.value_date),
        )
    )
