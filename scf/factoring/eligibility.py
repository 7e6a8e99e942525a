"""Eligibility: an ordered list of rules as data; every answer explains itself. Pure.

A rule is (id, severity, bound); the facts of a case are put beside it. The first failed rule that refuses is the
refusal; a failed rule that refers leaves the case to people. Words are found only for an answer that somebody reads:
of ten thousand cases nearly all pass.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from scf.money import parse_minor, readable
from scf.programmes.terms import EligibilityRule, Severity, Terms, Undertaking

_STRENGTH: dict[str, int] = {Undertaking.VALIDITY_ONLY: 0, Undertaking.CONDITIONAL: 1, Undertaking.IRREVOCABLE: 2}


class Case(NamedTuple):
    """What the rules ask about: a receivable offered on a day; amounts in minor units, `tenor_days` after rolling."""

    face_minor: int
    currency: str
    undertaking: str
    status: str
    due_on: date
    credited_on: date
    tenor_days: int
    anchor_overdue_days: int
    affiliated: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One rule's answer: passed or not, its value against its bound, and what would make it pass."""

    rule: str
    severity: Severity
    passed: bool
    value: str
    bound: str
    remedy: str


class _Words(NamedTuple):
    value: str
    bound: str
    remedy: str


class _Rule(NamedTuple):
    """Whether a case passes a bound under terms, and the words for it."""

    passes: Callable[[Case, str, Terms], bool]
    words: Callable[[Case, str, Terms], _Words]


# a bound is the same text for thousands of cases
_minor = lru_cache(maxsize=4096)(parse_minor)


def _undertaken(case: Case, bound: str, _terms: Terms) -> bool:
    return _STRENGTH[case.undertaking] >= _STRENGTH[bound]


def _face_words(case: Case, bound: str, words: str, remedy: str) -> _Words:
    """`{}` in the words is the bound as people read it."""
    told = readable(_minor(bound, case.currency), case.currency)
    return _Words(readable(case.face_minor, case.currency), words.format(told), remedy.format(told))


# what no programme can waive comes first, in this order
ALWAYS: tuple[str, ...] = ("receivable_open", "currency_matches", "not_due", "not_affiliated")
_ALWAYS = tuple(EligibilityRule(id, Severity.REFUSE, "") for id in ALWAYS)

RULES: dict[str, _Rule] = {
    "receivable_open": _Rule(
        lambda case, _bound, _terms: case.status == "open",
        lambda case, _bound, _terms: _Words(case.status, "open", "only an open receivable can be funded, once"),
    ),
    "currency_matches": _Rule(
        lambda case, _bound, terms: case.currency == terms.currency,
        lambda case, _bound, terms: _Words(case.currency, terms.currency, f"the programme funds {terms.currency}"),
    ),
    "not_due": _Rule(
        lambda case, _bound, _terms: case.tenor_days >= 1,
        lambda case, _bound, _terms: _Words(
            f"{case.tenor_days} days", "at least 1 day", "an advance ends before the due date"
        ),
    ),
    "not_affiliated": _Rule(
        lambda case, _bound, _terms: not case.affiliated,
        lambda case, _bound, _terms: _Words(
            "same group" if case.affiliated else "no group in common",
            "no group in common",
            "a supplier of the anchor's own group is not funded",
        ),
    ),
    "undertaking_min": _Rule(
        _undertaken,
        lambda case, bound, _terms: _Words(
            case.undertaking, bound, f"passes when the anchor's undertaking is at least {bound}"
        ),
    ),
    "tenor_min_days": _Rule(
        lambda case, bound, _terms: case.tenor_days >= int(bound),
        lambda case, bound, _terms: _Words(
            f"{case.tenor_days} days", f"at least {bound} days", "too close to the due date"
        ),
    ),
    "tenor_max_days": _Rule(
        lambda case, bound, _terms: case.tenor_days <= int(bound),
        lambda case, bound, _terms: _Words(
            f"{case.tenor_days} days", f"at most {bound} days", f"passes {case.tenor_days - int(bound)} days later"
        ),
    ),
    "face_min": _Rule(
        lambda case, bound, _terms: case.face_minor >= _minor(bound, case.currency),
        lambda case, bound, _terms: _face_words(case, bound, "at least {}", "too small an invoice for this programme"),
    ),
    "face_max": _Rule(
        lambda case, bound, _terms: case.face_minor <= _minor(bound, case.currency),
        lambda case, bound, _terms: _face_words(case, bound, "at most {}", "passes up to {}"),
    ),
    "anchor_overdue_max_days": _Rule(
        lambda case, bound, _terms: case.anchor_overdue_days <= int(bound),
        lambda case, bound, _terms: _Words(
            f"{case.anchor_overdue_days} days overdue",
            f"at most {bound} days",
            "passes when the anchor has paid what is overdue",
        ),
    ),
}


def answers(case: Case, terms: Terms) -> list[Answer]:
    """Every rule's answer, in order: those nobody can waive, then the programme's own."""
    return [_answer(case, terms, rule) for rule in (*_ALWAYS, *terms.rules)]


def _answer(case: Case, terms: Terms, rule: EligibilityRule) -> Answer:
    passes, words = RULES[rule.id]
    passed = passes(case, rule.bound, terms)
    value, bound, remedy = words(case, rule.bound, terms)
    return Answer(rule.id, rule.severity, passed, value, bound, "" if passed else remedy)


def first_failed(case: Case, terms: Terms, severity: Severity) -> Answer | None:
    """The first failed rule of a severity; None when all of them passed."""
    for rule in chain(_ALWAYS, terms.rules):
        if rule.severity is severity and not RULES[rule.id].passes(case, rule.bound, terms):
            return _answer(case, terms, rule)
    return None
