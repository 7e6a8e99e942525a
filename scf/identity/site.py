"""Where the platform is reached: what links in mails begin with, and what passkeys are bound to."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """`url` without a path, as a browser shows it; `name` is what authenticators show."""

    url: str
    name: str = "Supply chain finance"

    @property
    def host(self) -> str:
        """The domain a passkey belongs to."""
        return urlsplit(self.url).hostname or ""

    def link(self, path: str) -> str:
        """The address of a page."""
        return f"{self.url}{path}"
