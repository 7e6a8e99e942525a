"""What may be done about dossiers, and the roles that carry it."""

from scf.module import Permission
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
from scf.proposals.api import four_eyes_permissions
from scf.roles import Role

READ, READ_CONTENTS = "dossiers.read", "dossiers.read_contents"
_EVERYBODY = frozenset(Role)
_PREPARING = frozenset({Role.MAKER, Role.ADMINISTRATOR})
_SIGNING = frozenset({Role.CHECKER, Role.ADMINISTRATOR})
_OPERATOR = frozenset({Role.OPERATOR})

PERMISSIONS = (
    Permission(READ, "see dossiers: where they stand, and how they came there", _EVERYBODY),
    Permission(READ_CONTENTS, "see what dossiers hold: documents, people, accounts", _EVERYBODY - {Role.VIEWER}),
    Permission(APPLY.name, "apply to take part in the platform", _PREPARING),
    Permission(ADD_DOCUMENTS.name, "add documents to the dossier", _PREPARING),
    Permission(NAME_PEOPLE.name, "name owners, signatories and directors", _PREPARING),
    Permission(SUBMIT.name, "submit the dossier", _SIGNING),
    Permission(SIGN.name, "sign the membership agreement", _SIGNING),
    Permission(GIVE_ACCOUNT.name, "give the account to be paid to", _PREPARING),
    Permission(REPEAT_CODE.name, "repeat the code that came to the account", _PREPARING),
    Permission(RECORD_SCREENING.name, "record what a screening found", _OPERATOR),
    *four_eyes_permissions(DECIDE_BY_PEOPLE, "decide what a hit means", _OPERATOR, _OPERATOR),
    Permission(RECORD_ACCOUNT_CHECK.name, "record how an account was checked", _OPERATOR),
    Permission(ACTIVATE.name, "activate a dossier", _OPERATOR),
    Permission(SEND_BACK.name, "send a dossier back for corrections", _OPERATOR),
    Permission(DECLINE.name, "decline or end a dossier", _OPERATOR),
    Permission(REVIEW_DONE.name, "end a periodic review", _OPERATOR),
    Permission(ERASE_PEOPLE.name, "erase people of dossiers", _OPERATOR),
    Permission(BEGIN_REVIEW.name, "begin the periodic reviews that are due"),
)
