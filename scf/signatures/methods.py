"""The port of signing: how a signer binds itself to a document. The signed click is built in; others are adapters.

A module offers another method in its manifest under `adapter_name(method)`; a signer then names the method and brings
the evidence (a detached signature, the reference of a provider's envelope). `seal` only examines what was brought: it
runs inside a transaction, so it calls nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from scf.actor import Actor
from scf.errors import ScfError

CLICK = "click"


class NotSealed(ScfError):
    """What the signer brought does not sign the document; the message says what would."""


class SignatureMethod(Protocol):
    """One way to sign."""

    def seal(self, document_sha256: str, signer: Actor, evidence: str, at: datetime) -> str:
        """Examine the evidence and return the reference to keep, of at most 200 characters. Raises `NotSealed`."""
        ...


@dataclass(frozen=True, slots=True)
class Click:
    """A click of somebody who showed a second factor lately: a simple electronic signature, kept with the command."""

    def seal(self, document_sha256: str, signer: Actor, evidence: str, at: datetime) -> str:
        """What carries the click; the platform's own counts as it is. Raises `NotSealed` without a second factor."""
        if evidence:
            raise NotSealed("a click brings no evidence; name the method that your evidence is for")
        if signer.platform:
            return "platform"
        if not signer.stepped_up:
            raise NotSealed("a click signs only with a fresh second factor: show yours again, then repeat")
        return "second factor"


@dataclass(frozen=True, slots=True)
class Signing:
    """How a signer signs: by which method, and with what evidence."""

    method: str = CLICK
    evidence: str = ""


BY_CLICK = Signing()


def adapter_name(method: str) -> str:
    """The name under which a manifest offers a method."""
    return f"signature/{method}"


def available(adapters: Mapping[str, Any]) -> dict[str, SignatureMethod]:
    """The methods by name: the click, and what the adapters of the process add."""
    prefix = adapter_name("")
    others = {name.removeprefix(prefix): each for name, each in adapters.items() if name.startswith(prefix)}
    return {CLICK: Click(), **others}
