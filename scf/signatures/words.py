"""The closed lists of what is signed and of what may be consented to. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a signature is for."""

    MASTER_AGREEMENT = "master_agreement"
    TERMS = "terms"
    STANDING_INSTRUCTION = "standing_instruction"
    CONSENT = "consent"
    MEMBERSHIP = "membership"


class Subject(StrEnum):
    """What an organisation lets another one see."""

    FINANCING = "financing"
    PRICE = "price"
    DOSSIER = "dossier"


# what the giver signs, in words
SUBJECT_WORDS: dict[Subject, str] = {
    Subject.FINANCING: "that and when its invoices are financed",
    Subject.PRICE: "at what price its invoices are financed",
    Subject.DOSSIER: "its dossier: its documents, its owners and signatories, and how it was checked",
}
