"""Secrets at rest: bound to their row, opened by old keys and sealed by the newest, never printed."""

import pytest

from scf.errors import ScfError
from scf.secrets import NotOpened, Unsealed, Vault, derive

OLD, NEW = "an old secret of thirty-two letters", "a newer secret of thirty-two letters"
PLACE = "webhook_endpoint/17"


def test_what_was_sealed_for_a_row_opens_there_and_is_another_text_each_time() -> None:
    vault = Vault([NEW])
    sealed = vault.seal("whsec_über", PLACE)
    assert vault.open(sealed, PLACE) == "whsec_über"
    assert "über" not in sealed and sealed != vault.seal("whsec_über", PLACE)


def test_it_does_not_open_in_another_row() -> None:
    vault = Vault([NEW])
    with pytest.raises(NotOpened, match="webhook_endpoint/18"):
        vault.open(vault.seal("whsec_1", PLACE), "webhook_endpoint/18")


def test_old_keys_open_what_they_sealed_and_the_first_key_seals() -> None:
    sealed = Vault([OLD]).seal("whsec_1", PLACE)
    rotated = Vault([NEW, OLD])
    assert rotated.open(sealed, PLACE) == "whsec_1"
    assert Vault([NEW]).open(rotated.seal("whsec_1", PLACE), PLACE) == "whsec_1"
    with pytest.raises(NotOpened, match="SCF_SECRET_KEY"):
        Vault([NEW]).open(sealed, PLACE)


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-6] + "AAAA==", lambda text: text[:14], lambda _: "", lambda _: "v1"]
)
def test_a_changed_text_does_not_open(spoil: object) -> None:
    vault = Vault([NEW])
    assert callable(spoil)
    with pytest.raises(NotOpened):
        vault.open(spoil(vault.seal("whsec_1", PLACE)), PLACE)


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(ScfError, match="SCF_SECRET_KEY"):
        Vault([]).seal("whsec_1", PLACE)


def test_no_secret_is_printed() -> None:
    unsealed = Unsealed("whsec_1", Vault([NEW]))
    assert "whsec_1" not in repr(unsealed) and NEW not in repr(unsealed)
    assert repr(unsealed) == repr(Unsealed("whsec_2", Vault([OLD]))), "the digest of a batch does not depend on it"


def test_keys_of_two_purposes_differ() -> None:
    assert derive(NEW, "sessions") != derive(NEW, "sealed fields")
    assert derive(NEW, "sessions") == derive(NEW, "sessions") != derive(OLD, "sessions")
