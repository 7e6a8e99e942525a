"""Where webhooks go: the Internet by https, networks that are allowed, and the address that was checked."""

import datetime
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from receiver import Receiver, listening

from scf.errors import FieldError
from scf.webhooks import addresses, calling
from scf.webhooks.addresses import NotAllowed, Place, addresses_of, check_literal, place_of

HOST = "hooks.test"
LOOPBACK = (ip_network("127.0.0.0/8"),)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every look-up give the next answer, the last one for ever; returns the hosts asked for."""
    asked: list[str] = []

    def fake(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses, "getaddrinfo", fake)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2001:20::1", "2002:7f00:1::1", "2002:808:808::1",
        "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_alone_and_among_others(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for answer in ([address], ["93.184.216.34", address]):
        resolving(monkeypatch, answer)
        with pytest.raises(NotAllowed, match="not public") as refused:
            addresses_of(Place("https", HOST, 443), ())
        assert address not in str(refused.value), "what our name servers know stays here"


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])
def test_a_public_address_is_reached_by_https_only(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, [address])
    assert addresses_of(Place("https", HOST, 443), ()) == [address]
    for private in ((), LOOPBACK):
        with pytest.raises(NotAllowed):
            addresses_of(Place("http", HOST, 80), private)


def test_a_network_that_is_allowed_is_reached_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["10.20.1.1"], ["10.21.1.1"], ["::ffff:10.20.1.1"])
    private = (ip_network("10.20.0.0/16"),)
    assert addresses_of(Place("http", HOST, 8080), private) == ["10.20.1.1"]
    for _ in range(2):
        with pytest.raises(NotAllowed):
            addresses_of(Place("http", HOST, 8080), private)


def test_a_name_without_an_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_arguments: Any, **_options: Any) -> list[Any]:
        raise socket.gaierror

    monkeypatch.setattr(addresses, "getaddrinfo", nowhere)
    with pytest.raises(NotAllowed, match="has no address"):
        addresses_of(Place("https", HOST, 443), ())


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_are_looked_up_and_refused(host: str) -> None:
    place = place_of(f"https://{host}/")
    with pytest.raises(NotAllowed):
        addresses_of(place, ())


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://erp.example", Place("https", "erp.example", 443)),
        ("https://erp.example:8443/a/b?c=d&e=%20", Place("https", "erp.example", 8443)),
        ("http://erp.example/hook", Place("http", "erp.example", 80)),
        ("https://[2606:4700:4700::1111]/x", Place("https", "2606:4700:4700::1111", 443)),
    ],
)
def test_urls_that_are_taken(url: str, place: Place) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "", "erp.example", "//erp.example/", "ftp://erp.example/", "file:///etc/passwd", "gopher://erp.example/",
        "HTTPS://erp.example/", "https://", "https:///x", "https://user@erp.example/", "https://user:word@erp.example/",
        "https://erp.example@10.0.0.1/", "https://erp.example#@10.0.0.1/", "https://erp.example\\@10.0.0.1/",
        "https://erp.example/a b", "https://erp.example/\n", "https://erp.example/a\r\nHost: x", "https://exämple/",
        "https://erp.example:0/", "https://erp.example:22/", "https://erp.example:1023/", "https://erp.example:65536/",
        "https://erp.example:/", "https://[::1/", "https://[fe80::1%25eth0]/", "https://erp.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(FieldError, match="url: "):
        place_of(url)


@pytest.mark.parametrize("url", ["http://erp.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/"])
def test_what_is_sure_to_be_refused_is_refused_when_it_is_asked_for(url: str) -> None:
    with pytest.raises(FieldError, match="url: "):
        check_literal(place_of(url), ())


def test_a_name_that_answers_otherwise_the_next_moment_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as receiver:
        asked = resolving(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
        looked_up: list[Any] = []
        monkeypatch.setattr(socket, "getaddrinfo", _watched(looked_up))
        found = addresses_of(place_of(f"http://{HOST}:{receiver.port}/hook"), LOOPBACK)
        answer = calling.post(f"http://{HOST}:{receiver.port}/hook", found, b"{}", {})
        assert answer.status_code == 200 and asked == [HOST]
        assert {host for host, *_ in looked_up} == {"127.0.0.1"}, "the name is not asked for a second time"
        assert receiver.received[0].headers["Host"] == f"{HOST}:{receiver.port}"


def _watched(looked_up: list[Any]) -> Any:
    real = socket.getaddrinfo

    def watching(*arguments: Any, **options: Any) -> Any:
        looked_up.append(arguments)
        return real(*arguments, **options)

    return watching


def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    with listening() as receiver:
        url = f"http://{HOST}:{receiver.port}/"
        assert calling.post(url, ["127.0.0.2", "127.0.0.1"], b"", {}).status_code == 200
        refused = calling.post(url, ["127.0.0.2"], b"", {})
        assert refused.status_code is None and refused.error.startswith("no connection")
        assert calling.post(url, [], b"", {}).status_code is None


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of one's own for a name, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    path, context = certificate(tmp_path, HOST)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(path))
    with listening(context) as receiver:
        yield receiver


def test_the_certificate_is_checked_for_the_name_not_the_address(secure: Receiver) -> None:
    good = calling.post(f"https://{HOST}:{secure.port}/hook", ["127.0.0.1"], b"{}", {})
    assert (good.status_code, good.error) == (200, "")
    bad = calling.post(f"https://other.test:{secure.port}/hook", ["127.0.0.1"], b"{}", {})
    assert bad.status_code is None and bad.error.startswith("no safe connection")
    assert len(secure.received) == 1


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    _, context = certificate(tmp_path, HOST)
    with listening(context) as receiver:
        answer = calling.post(f"https://{HOST}:{receiver.port}/", ["127.0.0.1"], b"{}", {})
        assert answer.status_code is None and "certificate" in answer.error
        assert receiver.received == []
