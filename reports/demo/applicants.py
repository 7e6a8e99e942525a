"""Organisations that apply to take part in the sandbox: their dossiers wait for the operator's people."""

from dataclasses import dataclass
from datetime import date

from reports.demo.house import House
from scf.actor import PLATFORM
from scf.commands import in_organisation
from scf.identity.register import REGISTER, NewOrganisation
from scf.onboarding.add_documents import ADD_DOCUMENTS, new_document
from scf.onboarding.apply import APPLY, Application
from scf.onboarding.name_people import NAME_PEOPLE, PeopleNamed
from scf.onboarding.requirements import NEEDED, LegalForm, NewPerson, PersonRole
from scf.onboarding.screen import RECORD_SCREENING, NewScreening
from scf.onboarding.submit import SUBMIT, Submission

_PAPER = b"%PDF-1.4\n% made up for the sandbox\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class _Applicant:
    name: str
    registration_ref: str
    owner: str
    # what the operator's screening found, and in which words; empty: nobody has looked yet
    outcome: str = ""
    details: str = ""


_APPLICANTS = (
    _Applicant(
        "Linden Dairies", "SANDBOX-7", "Lena Lind", "hit", "A Lena Lind of the same year of birth stands on a list."
    ),
    _Applicant("Quarry Tools", "SANDBOX-8", "Quentin Shaw"),
)


def apply(house: House) -> None:
    """Two organisations apply with all their papers; one of them has a hit that waits for two people."""
    stage, operator = house.stage, house.people["operator"]
    for each in _APPLICANTS:
        new = NewOrganisation(each.name, each.registration_ref, "AT")
        (id,) = stage.do(REGISTER, [new], PLATFORM, in_organisation(0))
        own = in_organisation(id)
        (dossier_id,) = stage.do(APPLY, [Application(LegalForm.COMPANY)], PLATFORM, own)
        papers = [
            new_document(kind, f"{kind}.pdf", "application/pdf", _PAPER + kind.encode())
            for kind in sorted(NEEDED[LegalForm.COMPANY])
        ]
        stage.do(ADD_DOCUMENTS, papers, PLATFORM, own)
        people = tuple(
            NewPerson(role, each.owner, date(1979, 4, 3), "AT", 1_000_000 if role is PersonRole.OWNER else 0)
            for role in (PersonRole.OWNER, PersonRole.SIGNATORY)
        )
        stage.do(NAME_PEOPLE, [PeopleNamed(people)], PLATFORM, own)
        stage.do(SUBMIT, [Submission()], PLATFORM, own)
        if each.outcome:
            found = NewScreening(dossier_id, "list of sanctions", each.outcome, each.details)
            stage.do(RECORD_SCREENING, [found], operator, in_organisation(operator.organisation_id))
