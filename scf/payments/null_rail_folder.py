"""The development bank's memory: files written once and whole, so that processes and restarts see the same.

Never overwrites a file; a second writer of the same name must bring the same bytes.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from scf.errors import FileRefused


@dataclass(frozen=True, slots=True)
class OnceFolder:
    """Files of one kind, named by keys that may hold any character, with a `suffix` such as ".xml"."""

    path: Path
    suffix: str

    def put(self, key: str, payload: bytes) -> None:
        """Write the file unless it is there. Raises `FileRefused` when it is there with other bytes."""
        if self.get_or_put(key, payload) != payload:
            raise FileRefused(f"{key!r} was given to the bank before with other contents; use a new id")

    def get_or_put(self, key: str, payload: bytes) -> bytes:
        """The file's bytes, after writing `payload` if nobody had. Readers never see half a file."""
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=self.path, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(payload)
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a rename, fails when another process was first.
            os.link(part, self._file(key))
        except FileExistsError:
            return self.read(key)
        finally:
            os.unlink(part)
        return payload

    def read(self, key: str) -> bytes:
        """The file's bytes. Raises `FileNotFoundError`."""
        return self._file(key).read_bytes()

    def has(self, key: str) -> bool:
        """Whether the file is there."""
        return self._file(key).exists()

    def take(self, key: str) -> bool:
        """Remove the file; whether it was there."""
        try:
            self._file(key).unlink()
        except FileNotFoundError:
            return False
        return True

    def names(self) -> list[str]:
        """All keys, sorted."""
        return sorted(unquote(file.name.removesuffix(self.suffix)) for file in self.path.glob(f"*{self.suffix}"))

    def _file(self, key: str) -> Path:
        return self.path / f"{quote(key, safe='')}{self.suffix}"


def json_bytes(row: dict[str, Any]) -> bytes:
    """A row as JSON, its keys sorted: same row, same bytes."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, indent=1).encode()
