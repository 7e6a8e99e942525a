"""Where webhooks may go: to the Internet by https, and to networks that the operator allows; nowhere else.

A host is resolved once an attempt, every address it has must be allowed, and the connection is made to those very
addresses: a name that answers otherwise the next moment gains nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo

from scf.errors import FieldError, ScfError
from scf.setting_values import Network

URL_LENGTH_MAX = 500
_PORTS = {"https": 443, "http": 80}
_LOWEST_FREE_PORT = 1024
# nothing that two readers could read in two ways: no credentials, no fragment, no blanks, no backslash, ASCII only
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\"$-\[\]-~]*)?\Z"
)
_UNICAST_6 = IPv6Network("2000::/3")
# within what the registries call global: ways through to IPv4, and documentation
_NEVER = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)


class NotAllowed(ScfError):
    """Webhooks do not go there."""


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of a URL that say where to connect; the host is as in the URL, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int


def place_of(url: str) -> Place:
    """Where a URL leads, without asking the network. Raises `FieldError` with what would do."""
    if len(url) > URL_LENGTH_MAX:
        raise FieldError("url", f"has {len(url)} characters; at most {URL_LENGTH_MAX}")
    found = _URL.match(url)
    if found is None:
        raise FieldError("url", "give https://HOST/PATH, in ASCII, without user, password and fragment")
    port = int(found["port"] or _PORTS[found["scheme"]])
    if port not in _PORTS.values() and not _LOWEST_FREE_PORT <= port <= 65535:
        raise FieldError("url", f"port {port} is not called; take 443, 80, or one from {_LOWEST_FREE_PORT}")
    return Place(found["scheme"], found["host"].strip("[]"), port)


def check_literal(place: Place, private: Sequence[Network]) -> None:
    """Refuse at once what is sure to be refused later: raises `FieldError`. Names are looked up when called."""
    if place.scheme == "http" and not private:
        raise FieldError("url", "http is not secret; give https://")
    try:
        address = ip_address(place.host)
    except ValueError:
        return
    if not _is_allowed(address, place.scheme, private):
        raise FieldError("url", f"{place.host} is not an address of the Internet that https reaches")


def addresses_of(place: Place, private: Sequence[Network]) -> list[str]:
    """The addresses to connect to. Raises `NotAllowed` when there is none, or a single one of them is not allowed."""
    try:
        found = {str(answer[4][0]): None for answer in getaddrinfo(place.host, place.port, type=SOCK_STREAM)}
    except (gaierror, UnicodeError):
        raise NotAllowed(f"{place.host} has no address") from None
    # the address itself stays unsaid: who reads the log need not learn what our name servers know
    if not found or not all(_is_allowed(_parsed(each), place.scheme, private) for each in found):
        raise NotAllowed(f"{place.host} leads into a network that is not public: no {place.scheme} webhook goes there")
    return list(found)


def _parsed(address: str) -> IPv4Address | IPv6Address:
    # a scope ("fe80::1%eth0") is link-local, and so is what is left without it
    return ip_address(address.partition("%")[0])


def _is_allowed(address: IPv4Address | IPv6Address, scheme: str, private: Sequence[Network]) -> bool:
    if any(address in network for network in private):
        return True
    return scheme == "https" and _is_public(address)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST_6:
        return False
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
