"""Eligibility: an ordered list of rules as data; every answer explains itself. Pure.

A rule is (id, severity, bound); the facts of a case are put beside it. The first failed rule that refuses is the
refusal; a failed rule that refers leaves the case to people.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from scf.money import parse_minor, readable
from scf.programmes.terms import EligibilityRule, Severity, Terms, Undertaking

_STRENGTH = {Undertaking.VALIDITY_ONLY: 0, Undertaking.CONDITIONAL: 1, Undertaking.IRREVOCABLE: 2}


@dataclass(frozen=True, slots=True)
class Case:
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


def _open(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    return case.status == "open", case.status, "open", "only an open receivable can be funded, once"


def _currency(case: Case, _bound: str, terms: Terms) -> tuple[bool, str, str, str]:
    remedy = f"the programme funds {terms.currency}"
    return case.currency == terms.currency, case.currency, terms.currency, remedy


def _not_due(case: Case, _bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    remedy = "an advance ends before the due date"
    return case.tenor_days >= 1, f"{case.tenor_days} days", "at least 1 day", remedy


def _affiliated(case: Case, _bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    value = "same group" if case.affiliated else "no group in common"
    return not case.affiliated, value, "no group in common", "a supplier of the anchor's own group is not funded"


def _undertaking(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    passed = _STRENGTH[Undertaking(case.undertaking)] >= _STRENGTH[Undertaking(bound)]
    return passed, case.undertaking, bound, f"passes when the anchor's undertaking is at least {bound}"


def _tenor_min(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    passed = case.tenor_days >= int(bound)
    return passed, f"{case.tenor_days} days", f"at least {bound} days", "too close to the due date"


def _tenor_max(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    remedy = f"passes {case.tenor_days - int(bound)} days later"
    return case.tenor_days <= int(bound), f"{case.tenor_days} days", f"at most {bound} days", remedy


def _face_min(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    least = parse_minor(bound, case.currency)
    return _amount(case, case.face_minor >= least, "at least", least, "too small an invoice for this programme")


def _face_max(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    most = parse_minor(bound, case.currency)
    return _amount(case, case.face_minor <= most, "at most", most, f"passes up to {readable(most, case.currency)}")


def _amount(case: Case, passed: bool, words: str, bound: int, remedy: str) -> tuple[bool, str, str, str]:
    return passed, readable(case.face_minor, case.currency), f"{words} {readable(bound, case.currency)}", remedy


def _anchor_overdue(case: Case, bound: str, _terms: Terms) -> tuple[bool, str, str, str]:
    passed = case.anchor_overdue_days <= int(bound)
    remedy = "passes when the anchor has paid what is overdue"
    return passed, f"{case.anchor_overdue_days} days overdue", f"at most {bound} days", remedy


_Rule = Callable[[Case, str, Terms], tuple[bool, str, str, str]]

# what no programme can waive comes first, in this order
ALWAYS: tuple[str, ...] = ("receivable_open", "currency_matches", "not_due", "not_affiliated")

RULES: dict[str, _Rule] = {
    "receivable_open": _open,
    "currency_matches": _currency,
    "not_due": _not_due,
    "not_affiliated": _affiliated,
    "undertaking_min": _undertaking,
    "tenor_min_days": _tenor_min,
    "tenor_max_days": _tenor_max,
    "face_min": _face_min,
    "face_max": _face_max,
    "anchor_overdue_max_days": _anchor_overdue,
}


def answers(case: Case, terms: Terms) -> list[Answer]:
    """Every rule's answer, in order: those nobody can waive, then the programme's own."""
    always = [EligibilityRule(id, Severity.REFUSE, "") for id in ALWAYS]
    return [_answer(case, terms, rule) for rule in (*always, *terms.rules)]


def _answer(case: Case, terms: Terms, rule: EligibilityRule) -> Answer:
    passed, value, bound, remedy = RULES[rule.id](case, rule.bound, terms)
    return Answer(rule.id, rule.severity, passed, value, bound, "" if passed else remedy)


def first_failed(case: Case, terms: Terms, severity: Severity) -> Answer | None:
    """The first failed rule of a severity; None when all of them passed."""
    return next((each for each in answers(case, terms) if not each.passed and each.severity is severity), None)


def unknown_rules(rules: Sequence[EligibilityRule]) -> list[str]:
    """Ids that no rule has; terms that name one cannot be agreed."""
    return [rule.id for rule in rules if rule.id not in RULES]
