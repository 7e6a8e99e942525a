"""Bank messages going out: a tree built by paths, and the same bytes for the same input.

Text that XML cannot carry is refused, never repaired.
"""

from datetime import UTC, datetime

from lxml import etree

from scf.errors import FieldError


class MessageTree:
    """One ISO 20022 document in the making; `add` puts elements below a given one, all in the message's namespace."""

    def __init__(self, message: str, body: str) -> None:
        namespace = f"urn:iso:std:iso:20022:tech:xsd:{message}"
        self._namespace = f"{{{namespace}}}"
        self._root = etree.fromstring(f'<Document xmlns="{namespace}"/>')
        self.body = self.add(self._root, body)

    def add(self, parent: etree._Element, path: str, text: str = "", currency: str = "") -> etree._Element:
        """Append the elements of `path` ("Id/IBAN") one inside the other, the last with `text` and its `Ccy`.

        Raises `FieldError` for characters that XML 1.0 does not allow.
        """
        for name in path.split("/"):
            parent = etree.SubElement(parent, self._namespace + name)
        if currency:
            parent.set("Ccy", currency)
        if text:
            try:
                parent.text = text
            except ValueError:
                raise FieldError(path, f"{text!r} has control characters; remove them") from None
        return parent

    def add_all(self, parent: etree._Element, *pairs: tuple[str, str]) -> None:
        """Append each path with its text, in the order given; an empty text adds nothing."""
        for path, text in pairs:
            if text:
                self.add(parent, path, text)

    def to_bytes(self) -> bytes:
        """The document in UTF-8, indented."""
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def instant_string(at: datetime, field: str) -> str:
    """A UTC instant as ISO 20022 writes it, whole seconds. Raises `FieldError` without a time zone."""
    if at.tzinfo is None:
        raise FieldError(field, f"{at} has no time zone; give an instant in UTC")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
