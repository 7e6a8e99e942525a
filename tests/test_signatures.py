"""The port of signing with an adapter of another method, and master agreements signed through it or by a click."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desks import Desks, open_desks
from first_rows import made
from sqlalchemy import select

from scf import files
from scf.actor import PLATFORM, Actor
from scf.commands import in_book, in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing, StepUpNeeded
from scf.module import Module
from scf.outcomes import Outcome
from scf.programmes.agreements import CONTENT_MAX, OFFER, SIGN, AgreementSignature, NewAgreement
from scf.programmes.models import master_agreements
from scf.running import Running
from scf.settings import read_settings
from scf.signatures.methods import BY_CLICK, Click, NotSealed, Signing, adapter_name
from scf.signatures.models import signatures

FIRST = b"%PDF-1.7 Whereas the funder and the supplier ..."
SECOND = b"%PDF-1.7 Whereas, and furthermore ..."


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Stamp:
    """A method of the tests: the evidence is a keyed hash over the document, as a provider would make it."""

    key: bytes = b"the provider's"

    def made_for(self, document_sha256: str) -> str:
        return hmac.new(self.key, document_sha256.encode(), "sha256").hexdigest()

    def seal(self, document_sha256: str, signer: Actor, evidence: str, at: datetime) -> str:
        if not hmac.compare_digest(evidence, self.made_for(document_sha256)):
            raise NotSealed("the stamp is of another document")
        return f"stamp {evidence[:8]} of {at:%Y-%m-%d}"


@pytest.fixture
def desks(database: Database) -> Desks:
    database.adapters = {adapter_name("stamp"): Stamp()}
    return open_desks(database)


def offer(desks: Desks, content: bytes, *parties: int) -> list[Outcome]:
    batch = [NewAgreement(party, "Master agreement", content) for party in parties]
    return run(desks.database, OFFER, batch, key=desks.key(), actor=PLATFORM, scope=in_book(desks.book))


def sign(desks: Desks, id: int, content: bytes, signing: Signing = BY_CLICK, **other: Any) -> Outcome:
    party = other.pop("party", desks.supplier)
    who = replace(desks.person(party, "Ida", SIGN.name), **other)
    batch = [AgreementSignature(id, sha256(content), signing)]
    return run(desks.database, SIGN, batch, key=desks.key(), actor=who, scope=in_organisation(party))[0]


def reason(outcome: Outcome) -> str:
    return outcome.refusal.reason if outcome.refusal else "accepted"


def rows(desks: Desks, table: Any, **wanted: Any) -> Any:
    query = select(table).order_by(table.c.id)
    for name, value in wanted.items():
        query = query.where(table.c[name] == value)
    with desks.database.reading() as connection:
        return connection.execute(query).all()


def test_a_party_signs_the_very_bytes_that_were_offered(desks: Desks) -> None:
    (id,) = made(offer(desks, FIRST, desks.supplier))
    differs = sign(desks, id, SECOND)
    assert differs.refusal and (differs.refusal.reason, differs.refusal.bound) == ("document_differs", sha256(FIRST))
    assert reason(sign(desks, id, FIRST)) == "accepted"
    assert reason(sign(desks, id, FIRST)) == "already_signed"
    (agreement,) = rows(desks, master_agreements)
    (signature,) = rows(desks, signatures, purpose="master_agreement")
    assert (agreement.status, agreement.signature_id, agreement.edition) == ("signed", signature.id, 1)
    assert (signature.organisation_id, signature.method) == (desks.supplier, "click")
    with desks.database.reading() as connection:
        assert files.read(connection, signature.document_sha256) == FIRST


def test_a_new_edition_replaces_the_signed_one_only_when_it_is_signed(desks: Desks) -> None:
    (first,) = made(offer(desks, FIRST, desks.supplier))
    sign(desks, first, FIRST)
    (second,) = made(offer(desks, SECOND, desks.supplier))
    (third,) = made(offer(desks, FIRST + SECOND, desks.supplier))
    assert [each.status for each in rows(desks, master_agreements)] == ["signed", "ended", "offered"]
    assert reason(sign(desks, second, SECOND)) == "superseded"
    assert reason(sign(desks, third, FIRST + SECOND)) == "accepted"
    assert [(each.edition, each.status) for each in rows(desks, master_agreements)] == [
        (1, "ended"), (2, "ended"), (3, "signed"),
    ]  # fmt: skip


def test_who_may_not_sign_and_what_may_not_be_offered(desks: Desks) -> None:
    (id,) = made(offer(desks, FIRST, desks.supplier))
    assert reason(sign(desks, id, FIRST, party=desks.rival)) == "not_found"
    with pytest.raises(StepUpNeeded):
        sign(desks, id, FIRST, stepped_up=False)
    with pytest.raises(PermissionMissing):
        sign(desks, id, FIRST, permissions=frozenset())
    anchor, again, unknown = offer(desks, FIRST, desks.anchor, desks.anchor, 1)
    assert [reason(each) for each in (anchor, again, unknown)] == ["accepted", "twice_in_batch", "not_found"]
    assert reason(offer(desks, b"", desks.rival)[0]) == "size_out_of_range"
    assert reason(offer(desks, b"x" * (CONTENT_MAX + 1), desks.rival)[0]) == "size_out_of_range"


def test_another_method_of_signing_is_an_adapter(desks: Desks) -> None:
    (id,) = made(offer(desks, FIRST, desks.supplier))
    wrong = sign(desks, id, FIRST, Signing("stamp", Stamp().made_for(sha256(SECOND))))
    assert wrong.refusal and (wrong.refusal.reason, wrong.refusal.remedy) == (
        "not_sealed", "the stamp is of another document",
    )  # fmt: skip
    unknown = sign(desks, id, FIRST, Signing("seance"))
    assert unknown.refusal and (unknown.refusal.reason, unknown.refusal.bound) == ("unknown_method", "click, stamp")
    evidence = Stamp().made_for(sha256(FIRST))
    assert reason(sign(desks, id, FIRST, Signing("stamp", evidence))) == "accepted"
    (signature,) = rows(desks, signatures, purpose="master_agreement")
    assert (signature.method, signature.method_ref) == ("stamp", f"stamp {evidence[:8]} of 2026-01-05")


def test_a_module_brings_a_method_by_its_manifest(tmp_path: Path) -> None:
    settings = read_settings({"SCF_DATABASE_URL": f"sqlite:///{tmp_path / 'scf.db'}", "SCF_VAR": str(tmp_path)})
    running = Running(settings, [Module("stamps", adapters={adapter_name("stamp"): Stamp()}), Module("others")])
    assert running.database.adapters == {"signature/stamp": Stamp()}
    running.database.engine.dispose()


def test_a_click_signs_only_with_a_fresh_second_factor(desks: Desks) -> None:
    at, person = desks.database.clock.now(), desks.person(desks.supplier)
    assert Click().seal("", person, "", at) == "second factor"
    with pytest.raises(NotSealed, match="second factor"):
        Click().seal("", replace(person, stepped_up=False), "", at)
    with pytest.raises(NotSealed, match="no evidence"):
        Click().seal("", person, "a scanned autograph", at)
