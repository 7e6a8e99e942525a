"""What banks take: the SEPA character set, references and account numbers.

Names and remittance words are made to fit; references and IBANs are keys, so they are checked and never changed.
The character set and the limits follow the EPC's implementation guidelines for SEPA credit transfers.
"""

import re

from anyascii import anyascii
from stdnum import iban as iban_number
from stdnum.exceptions import ValidationError

from scf.errors import FieldError

_REFERENCE_RULE = "1 to 35 of A-Z a-z 0-9 - ? : ( ) . , ' + and, inside, blanks and single slashes"
_OUTSIDE = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_REFERENCE = re.compile(r"(?![/ ])(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<![/ ])\Z")
_NEAREST = str.maketrans({"&": "+", "_": "-", ";": ",", '"': "'", "[": "(", "]": ")", "{": "(", "}": ")", "!": "."})


def sepa_text(text: str, length_max: int, field: str) -> str:
    """Words in the SEPA character set, transliterated ("Söhne & Łódź" → "Sohne + Lodz"), cut at `length_max`.

    Raises `FieldError` when no character is left.
    """
    near = (text if text.isascii() else anyascii(text)).translate(_NEAREST)
    fitting = " ".join(_OUTSIDE.sub(" ", near).split())[:length_max].rstrip()
    if not fitting:
        raise FieldError(field, f"{text!r} has no letter or digit that a bank takes; write it in Latin letters")
    return fitting


def reference(text: str, field: str) -> str:
    """The same text, when banks take it as a reference: 1 to 35 SEPA characters, no slash at either end, none doubled.

    Raises `FieldError`; the underscore is not in the set.
    """
    if _REFERENCE.match(text) is None:
        raise FieldError(field, f"{text!r} is no bank reference; use {_REFERENCE_RULE}")
    return text


def iban(text: str, field: str) -> str:
    """An IBAN without blanks, in capitals, its check digits verified. Raises `FieldError`."""
    try:
        return str(iban_number.validate(text))
    except ValidationError as error:
        raise FieldError(field, f"{text!r} is no valid IBAN ({error}); compare it with the account's papers") from None
