"""Passkeys (WebAuthn): enrolled, shown as a second factor, or signed in by with nothing else.

The device must have verified its user, by PIN or body: so one passkey is two factors at once. A challenge is sealed and
names its session and its time; a passkey answers none that is older than the last it answered, so nothing is stored for
a challenge that nobody answers, and no answer counts twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from scf.identity.factors import NewPasskey
from scf.identity.models_factors import passkeys
from scf.identity.site import Site
from scf.secrets import NotOpened, Vault

ANSWER_WITHIN_SECONDS = 300
_VERIFIED = UserVerificationRequirement.REQUIRED

# an answer as the browser's JSON has it
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a challenge is for: enrolling or showing a passkey, in which session, 0 for nobody's yet."""

    purpose: str
    session_id: int = 0

    def context(self) -> str:
        """Where the challenge opens."""
        return f"passkey challenge/{self.purpose}/{self.session_id}"


def enrolment_options(
    connection: Connection, vault: Vault, site: Site, session_id: int, person_id: int, email: str, at: datetime
) -> dict[str, Any]:
    """What `navigator.credentials.create` takes; devices that hold one of the person's passkeys are left out."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=user_handle(person_id),
        user_name=email,
        challenge=_challenge(vault, Asking("enrol", session_id), at),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(connection, person_id),
    )
    return dict(json.loads(options_to_json(options)))


def showing_options(
    connection: Connection, vault: Vault, site: Site, at: datetime, session_id: int = 0, person_id: int = 0
) -> dict[str, Any]:
    """What `navigator.credentials.get` takes; without a session, for signing in by whatever passkey there is."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(vault, Asking("show", session_id), at),
        allow_credentials=_descriptors(connection, person_id) if person_id else [],
        user_verification=_VERIFIED,
    )
    return dict(json.loads(options_to_json(options)))


def enrolled(vault: Vault, site: Site, session_id: int, name: str, answer: Answer, at: datetime) -> NewPasskey | None:
    """The passkey of an answer to `enrolment_options`; None when the answer does not hold."""
    asked = _asked(vault, Asking("enrol", session_id), answer, at)
    if asked is None:
        return None
    try:
        found = verify_registration_response(
            credential=dict(answer),
            expected_challenge=asked[1],
            expected_rp_id=site.host,
            expected_origin=site.url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    return NewPasskey(name, found.credential_id, found.credential_public_key, found.sign_count, asked[0])


def credential_of(answer: Answer) -> bytes:
    """The credential an answer says it comes from; empty when it says nothing."""
    try:
        return base64url_to_bytes(str(answer.get("rawId", "")))
    except ValueError:
        return b""


def find(connection: Connection, credential: bytes) -> Row[*tuple[Any, ...]] | None:
    """The passkey of a credential, None when there is none that still counts."""
    held = passkeys.c
    return connection.execute(
        select(held.id, held.person_id, held.public_key, held.sign_count, held.last_challenge).where(
            held.credential == credential, held.ended_at.is_(None)
        )
    ).one_or_none()


def is_shown(
    connection: Connection, vault: Vault, site: Site, session_id: int, person_id: int, answer: Answer, at: datetime
) -> bool:
    """True when the answer holds and is the person's; uses the challenge up, and notes the device's count."""
    asked = _asked(vault, Asking("show", session_id), answer, at)
    passkey = find(connection, credential_of(answer))
    if asked is None or passkey is None or passkey.person_id != person_id:
        return False
    try:
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=asked[1],
            expected_rp_id=site.host,
            expected_origin=site.url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    return _use(connection, passkey.id, asked[0], found.new_sign_count, at)


def _use(connection: Connection, passkey_id: int, challenge: int, sign_count: int, at: datetime) -> bool:
    fresh = (passkeys.c.id == passkey_id) & (passkeys.c.last_challenge < challenge)
    values = {
        "last_challenge": challenge,
        "sign_count": sign_count,
        "used_at": at,
        "version": passkeys.c.version + 1,
    }
    return connection.execute(update(passkeys).where(fresh).values(values)).rowcount == 1


def user_handle(person_id: int) -> bytes:
    """How an authenticator knows its person: by a number that says nothing about them."""
    return person_id.to_bytes(8, "big")


def _descriptors(connection: Connection, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    mine = select(passkeys.c.credential).where(passkeys.c.person_id == person_id, passkeys.c.ended_at.is_(None))
    return [PublicKeyCredentialDescriptor(id=each) for each in connection.execute(mine).scalars()]


def _challenge(vault: Vault, asking: Asking, at: datetime) -> bytes:
    return vault.seal(str(_microseconds(at)), asking.context()).encode()


def _asked(vault: Vault, asking: Asking, answer: Answer, at: datetime) -> tuple[int, bytes] | None:
    """When the challenge was given out that is answered, and its bytes; None when it was not ours, or is over."""
    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(said["challenge"])
        asked = int(vault.open(challenge.decode(), asking.context()))
    except (NotOpened, ValueError, TypeError, KeyError):
        return None
    return (asked, challenge) if _microseconds(at) - asked < ANSWER_WITHIN_SECONDS * 1_000_000 else None


def _microseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
