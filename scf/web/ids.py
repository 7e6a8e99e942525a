"""Ids in paths: `<id(inv):invoice_id>` takes `inv_…` of its own kind and no other; everything else is not found."""

from typing import Any

from werkzeug.routing import BaseConverter, Map

from scf import ids


class IdConverter(BaseConverter):
    """An id of one kind in a path, an integer inside."""

    def __init__(self, map: Map, prefix: str) -> None:
        """`prefix` is the kind's, without the underscore."""
        super().__init__(map)
        self.prefix = prefix
        self.regex = f"{prefix}_{ids.PATTERN}"

    def to_python(self, value: str) -> int:
        """The integer."""
        return ids.parse(value)

    def to_url(self, value: Any) -> str:
        """The id as it is written."""
        return ids.text(self.prefix, int(value))


def path_schema(converter: IdConverter) -> dict[str, Any]:
    """What the API's description says of such a part of a path."""
    return {"type": "string", "pattern": f"^{converter.regex}$"}
