"""Letters: a file its owner alone reads, or a mail server's; and no name of somebody's breaks out of a heading."""

import smtplib
import stat
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from scf.errors import SettingsError
from scf.identity.post import Mail, by_smtp, post_of, to_folder
from scf.identity.site import Site
from scf.settings import read_settings

MAIL = Mail("ida@ash.example", "Ash\r\nBcc: all@ash.example invites you", "Zoë,\n\nhttps://scf.example/x?token=t")


def test_without_a_mail_server_a_letter_is_a_file_its_owner_alone_reads(tmp_path: Path) -> None:
    to_folder(tmp_path / "mail")(MAIL)
    (path,) = (tmp_path / "mail").glob("*.eml")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "ida@ash.example" and message["Bcc"] is None
    assert message["Subject"] == "Ash Bcc: all@ash.example invites you"
    assert isinstance(message, EmailMessage) and "Zoë" in message.get_content()


def test_a_letter_is_not_printed_whole() -> None:
    assert "token" not in repr(MAIL) and "ida@" not in repr(MAIL)


def test_a_mail_server_is_spoken_to_in_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, Any]] = []

    class Server:
        def __init__(self, host: str, port: int, **_options: Any) -> None:
            said.append(("connect", (host, port)))

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_error: object) -> None:
            said.append(("quit", None))

        def starttls(self, context: Any) -> None:
            said.append(("starttls", context.check_hostname))

        def login(self, user: str, password: str) -> None:
            said.append(("login", (user, password)))

        def send_message(self, message: EmailMessage) -> None:
            said.append(("send", (message["From"], message["To"])))

    monkeypatch.setattr(smtplib, "SMTP", Server)
    by_smtp("smtp://scf:p%40ss@mail.example", "scf@scf.example")(MAIL)
    assert said == [
        ("connect", ("mail.example", 587)),
        ("starttls", True),
        ("login", ("scf", "p@ss")),
        ("send", ("scf@scf.example", "ida@ash.example")),
        ("quit", None),
    ]


def test_how_letters_leave_is_a_setting(tmp_path: Path) -> None:
    settings = read_settings({"SCF_VAR": str(tmp_path), "SCF_SMTP_URL": "smtps://mail.example"})
    assert settings.smtp_url not in repr(settings)
    assert post_of(Site(settings.public_url), settings.smtp_url, settings.mail_from, tmp_path).site.url
    with pytest.raises(SettingsError, match="SCF_SMTP_URL"):
        read_settings({"SCF_VAR": str(tmp_path), "SCF_SMTP_URL": "mail.example"})
