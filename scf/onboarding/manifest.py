"""What onboarding offers: its commands, as the manifest of the core takes them."""

from typing import Any

from scf.commands import Command
from scf.onboarding.accounts import GIVE_ACCOUNT, RECORD_ACCOUNT_CHECK, REPEAT_CODE
from scf.onboarding.add_documents import ADD_DOCUMENTS
from scf.onboarding.agreement import SIGN
from scf.onboarding.apply import APPLY
from scf.onboarding.decide import DECIDE_BY_PEOPLE
from scf.onboarding.erase_people import ERASE_PEOPLE
from scf.onboarding.name_people import NAME_PEOPLE
from scf.onboarding.operate import ACTIVATE, BEGIN_REVIEW, DECLINE, REVIEW_DONE, SEND_BACK
from scf.onboarding.screen import RECORD_SCREENING
from scf.onboarding.submit import SUBMIT
from scf.proposals.four_eyes import FourEyes

SINGLE: tuple[Command[Any, Any, Any], ...] = (
    APPLY, ADD_DOCUMENTS, NAME_PEOPLE, SUBMIT, SIGN, GIVE_ACCOUNT, REPEAT_CODE, RECORD_SCREENING, RECORD_ACCOUNT_CHECK,
    ACTIVATE, SEND_BACK, DECLINE, REVIEW_DONE, ERASE_PEOPLE, BEGIN_REVIEW,
)  # fmt: skip
CHECKED: tuple[FourEyes, ...] = (DECIDE_BY_PEOPLE,)
