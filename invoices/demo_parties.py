"""The invented organisations of the demo: two anchors of one group and eight suppliers. None of them exists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoParty:
    """One organisation as its invoices show it; an account of '' leaves the payment means out of the invoice."""

    name: str
    legal_id: str
    vat_id: str
    street: str
    city: str
    postcode: str
    country: str
    iban: str = ""


def _iban(country: str, account: str) -> str:
    """An account number with the check digits of ISO 13616 (97-10)."""
    digits = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


ANCHORS = (
    DemoParty("Marlowe Turbines GmbH", "FN 710001 a", "ATU71000101", "Werkstrasse 1", "Linz", "4020", "AT"),
    DemoParty("Marlowe Gearing GmbH", "FN 710002 b", "ATU71000202", "Werkstrasse 9", "Graz", "8010", "AT"),
)

_SUPPLIERS = (
    ("Quillfeather Castings GmbH", "Giessergasse 12", "Steyr", "4400"),
    ("Tannwick Fasteners GmbH", "Schraubenweg 3", "Wels", "4600"),
    ("Ostermoor Coatings KG", "Lackgasse 27", "Traun", "4050"),
    ("Fennbruck Bearings GmbH", "Kugelplatz 8", "Leoben", "8700"),
    ("Larkstone Hydraulics GmbH", "Pumpenweg 14", "Villach", "9500"),
    ("Brindleby Cables KG", "Drahtgasse 5", "Dornbirn", "6850"),
    ("Weissenholt Tooling GmbH", "Fraeserweg 21", "Hallein", "5400"),
    ("Copperlane Logistics GmbH", "Ladestrasse 30", "Enns", "4470"),
)

SUPPLIERS = tuple(
    DemoParty(
        name,
        f"FN 72000{at} {'cdfghikm'[at]}",
        f"ATU7200010{at}",
        street,
        city,
        postcode,
        "AT",
        _iban("AT", f"99999{at:011d}"),
    )
    for at, (name, street, city, postcode) in enumerate(_SUPPLIERS)
)
