"""Where the released clients look for their server. It is compiled in: no setting of theirs changes it."""

from __future__ import annotations

import attrs


@attrs.frozen
class Releases:
    """Some releases with the same server. ``host`` is a name, or an address where no entry can help.

    ``login`` says how people log in: by e-mail address and password, or with a ticket of the site's.
    """

    first: str
    last: str
    host: str
    ports: tuple[int, ...]
    login: str

    @property
    def named(self) -> bool:
        """Whether an entry in a hosts file or the DNS leads them here."""
        return not self.host.replace(".", "").isdigit()


_PASSWORD, _TICKET = "e-mail and password", "ticket"

#: All of them, the oldest first.
RELEASES = (
    Releases("0.14.2", "0.14.8", "game.techmino.org", (10026,), _PASSWORD),
    Releases("0.15.0", "0.16.1", "krakens.tpddns.cn", (10026,), _PASSWORD),
    Releases("0.16.1-fix", "0.17.0", "game.techmino.org", (10026,), _PASSWORD),
    Releases("0.17.1", "0.17.6", "101.43.110.22", (10026,), _PASSWORD),
    Releases("0.17.7", "0.17.10", "cafuuchino1.3322.org", (10026,), _PASSWORD),
    Releases("0.17.11", "0.17.19", "cafuuchino1.3322.org", (10026, 8081), _TICKET),
    Releases("0.17.20", "0.17.20", "www.studio26f.org", (80,), _TICKET),
    Releases("0.17.21", "0.17.21", "www.studio26f.org", (8080, 8081), _TICKET),
)


def hosts() -> dict[str, list[Releases]]:
    """Return the names that must lead here, each with the releases that ask for it."""
    found: dict[str, list[Releases]] = {}
    for releases in RELEASES:
        if releases.named:
            found.setdefault(releases.host, []).append(releases)
    return found
