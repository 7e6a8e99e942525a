"""The post: how a letter leaves the platform. Without a mail server each is a file that a developer can open."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scf.clock import SystemClock
from scf.identity.site import Site

_WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter with its words. It may carry a link that opens something once: it is never printed whole."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        """Without the text."""
        return f"Mail({self.subject!r})"


@dataclass(frozen=True, slots=True)
class Post:
    """What letters need: where their links lead, and how they are sent."""

    site: Site
    send: Callable[[Mail], None]


def to_folder(folder: Path) -> Callable[[Mail], None]:
    """The null adapter: a file `.eml` a letter, readable by its owner alone, since its links open doors."""

    def send(mail: Mail) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        message = _message(mail, "scf@localhost")
        name = message["Message-ID"].strip("<>").partition("@")[0]
        path = folder / f"{name}.eml"
        path.touch(mode=0o600)
        path.write_bytes(bytes(message))

    return send


def by_smtp(url: str, sender: str) -> Callable[[Mail], None]:
    """Send by a mail server, `smtp://USER:PASSWORD@HOST:PORT` with STARTTLS, or `smtps://…`."""
    server = urlsplit(url)
    host, user = server.hostname or "", unquote(server.username or "")

    def send(mail: Mail) -> None:
        context = ssl.create_default_context()
        at_once = server.scheme == "smtps"
        with (
            smtplib.SMTP_SSL(host, server.port or 465, timeout=_WAIT_SECONDS, context=context)
            if at_once
            else smtplib.SMTP(host, server.port or 587, timeout=_WAIT_SECONDS)
        ) as connection:
            if not at_once:
                connection.starttls(context=context)
            if user:
                connection.login(user, unquote(server.password or ""))
            connection.send_message(_message(mail, sender))

    return send


def _message(mail: Mail, sender: str) -> EmailMessage:
    """The letter in its envelope. A name in its subject may hold a line break, a heading may not."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, " ".join(mail.subject.split())
    message["Date"] = format_datetime(SystemClock().now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def post_of(site: Site, smtp_url: str, sender: str, folder: Path) -> Post:
    """The post as it was set up: by a mail server, or into a folder."""
    return Post(site, by_smtp(smtp_url, sender) if smtp_url else to_folder(folder))
