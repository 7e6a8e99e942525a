"""Calling a stranger's machine: one POST to addresses that were checked, within a time that nobody can stretch.

No redirect is followed, no proxy is taken from the environment, and of the answer only its beginning is read.
"""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from requests import Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException, SSLError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from scf.clock import seconds

CONNECT_SECONDS, READ_SECONDS = 5, 15
# a receiver that sends a byte now and then never meets the read time-out
_WHOLE_SECONDS = 25
_ADDRESSES_MAX = 3
_EXCERPT_BYTES = 1024
_ERROR_CHARACTERS = 200
_HEADERS = {"User-Agent": "scf-webhooks/1", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a status and the beginning of the body, or the reason why there was no answer."""

    status_code: int | None
    took_ms: int
    error: str
    response: str


@dataclass(slots=True)
class _Line:
    """The addresses to connect to, and a hold on the socket made, so that it can be cut from another thread."""

    addresses: Sequence[str]
    held: list[socket.socket] = field(default_factory=list)
    is_cut: bool = False

    def connect(self, port: int) -> socket.socket:
        """A socket to the first address that answers. Raises `OSError`, the last one's."""
        failure = OSError("no address")
        for address in self.addresses[:_ADDRESSES_MAX]:
            try:
                made = socket.create_connection((address, port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            self.held.append(made.dup())
            return made
        raise failure

    def cut(self) -> None:
        """End whatever is being read or written on it."""
        self.is_cut = True
        for each in self.held:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself

    def close(self) -> None:
        """Let go of it."""
        for each in self.held:
            each.close()


class _Plain(HTTPConnection):
    """A connection to a given line; host, name on the certificate and header stay those of the URL."""

    def __init__(self, *positional: Any, line: _Line, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.line = line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line)


class _Secure(HTTPSConnection):
    """The same with TLS."""

    def __init__(self, *positional: Any, line: _Line, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.line = line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line)


def _connected(connection: HTTPConnection, line: _Line) -> socket.socket:
    try:
        return line.connect(connection.port or 0)
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, str(error)) from error
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error


class _Pinned(HTTPAdapter):
    """Makes every connection of a session along one line."""

    def __init__(self, line: _Line) -> None:
        super().__init__()
        self.line = line

    def get_connection_with_tls_context(self, *positional: Any, **named: Any) -> Any:
        """The pool of requests, with connections of ours."""
        pool: Any = super().get_connection_with_tls_context(*positional, **named)
        pool.ConnectionCls = _Secure if pool.scheme == "https" else _Plain
        pool.conn_kw = {**pool.conn_kw, "line": self.line}
        return pool


def post(url: str, addresses: Sequence[str], body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST to a URL at these addresses; never raises for what the other side does."""
    began = seconds()
    line = _Line(addresses)
    with _session(line) as session:
        try:
            with session.post(
                url,
                data=body,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, _since(began), "", _excerpt(response))
        except (RequestException, HTTPError, OSError, ValueError) as error:
            return Answer(None, _since(began), _words(error, line), "")


@contextmanager
def _session(line: _Line) -> Iterator[Session]:
    with Session() as session:
        session.trust_env = False
        session.headers.update(_HEADERS)
        session.mount("https://", _Pinned(line))
        session.mount("http://", _Pinned(line))
        watch = threading.Timer(_WHOLE_SECONDS, line.cut)
        watch.daemon = True
        watch.start()
        try:
            yield session
        finally:
            watch.cancel()
            line.close()


def _since(began: float) -> int:
    return round((seconds() - began) * 1000)


def _excerpt(response: Response) -> str:
    """The beginning of the body as far as it came, without what no text column takes."""
    try:
        content: bytes = response.raw.read1(_EXCERPT_BYTES, decode_content=False)
    except (HTTPError, OSError, ValueError):
        return ""
    return content.decode("utf-8", "replace").replace("\x00", "�")


def _words(error: Exception, line: _Line) -> str:
    if line.is_cut:
        return f"no whole answer within {_WHOLE_SECONDS} s"
    if isinstance(error, ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS} s"
    if isinstance(error, ReadTimeout):
        return f"no answer within {READ_SECONDS} s"
    if isinstance(error, SSLError):
        return f"no safe connection: {error}"[:_ERROR_CHARACTERS]
    return "no connection, or it ended before an answer came"
