"""Words in an invoice's free text that warn a funder: sold already, paid already, or drawn by direct debit.

They stand in notes and payment terms, in the invoice's language, because no field exists for them. A list can miss
a phrase: it supports the people who decide and does not replace the buyer's confirmation. All in small letters.
"""

import re


def _any_of(*phrases: str) -> re.Pattern[str]:
    """Finds the first of the phrases at the start of a word; a blank stands for any blanks."""
    return re.compile(r"\b(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) + r")\w*")


# English, German, French, Swedish, Danish and Norwegian, Dutch, Italian, Spanish, Polish.
ASSIGNED = _any_of(
    *("assigned to", "been assigned", "assignment of", "discharging effect", "factoring"),
    *("abgetreten", "abtretung", "forderungsverkauf"),
    *("cession", "cédée?", "subrog", "affactur"),
    *("överlåt", "överlät", "belånad", "pantsatt"),
    *("overdraget", "overdratt", "overdragelse", "transportert"),
    *("gecedeerd", "overgedragen", "verpand"),
    *("ceduta", "ceduto", "cessione", "cedid[oa]", "cesión"),
    *("scedowan", "cesj"),
)
ALREADY_PAID = _any_of(
    *("already paid", "already been paid", "already settled", "paid in full", "has been paid"),
    *("bereits beglichen", "bereits bezahlt", "betrag erhalten", "dankend erhalten"),
    *("déjà réglé", "déjà payé", "facture acquittée"),
    *("redan betald", "är betald", "allerede betalt"),
    *("reeds betaald", "reeds voldaan"),
    *("già pagat", "già saldat", "ya pagad", "ya abonad"),
    *("już zapłacon", "zapłacono"),
)
DIRECT_DEBIT = _any_of(
    *("direct debit", "sepa-direct-debit", "debited from your", "charged to your card", "card payment"),
    *("lastschrift", "sepa-lastschrift", "bankeinzug", "abgebucht", "eingezogen"),
    *("prélèvement", "prélevé"),
    *("autogiro", "betalingsservice", "avtalegiro"),
    *("automatische incasso", "addebito diretto", "domiciliación", "polecenie zapłaty"),
)
