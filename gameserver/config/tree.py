"""The tree without its parts: every other section is brought by a protocol, with its keys and their bounds."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from gameserver.accounts.names import WORD
from gameserver.config.option import option, section
from gameserver.config.web import Web

T = TypeVar("T")


LEVELS = ("debug", "info", "warn", "error", "critical")


@attrs.frozen
class Log:
    """What the log looks like."""

    format: str = option(
        "text", "readable lines or one JSON object a line", choices=("text", "json"), reloadable=True
    )
    level: str = option("info", "the least severe level that is written", choices=LEVELS, reloadable=True)
    levels: dict[str, str] = attrs.field(
        factory=dict,
        metadata={
            "about": 'that level for single parts, a protocol or a package, for example {chat = "debug", '
            'storage = "error"}',
            "choices": LEVELS,
            "reloadable": True,
        },
    )


@attrs.frozen
class Storage:
    """Where everything is kept."""

    url: str = option(
        "",
        "a database URL (postgresql+psycopg://user@host/name); empty: gameserver.db in the data directory",
        secret=True,
    )
    queue: int = option(2000, "transactions that may wait before askers are told to come back", minimum=1)
    connections: int = option(4, "connections to PostgreSQL (SQLite always has one)", minimum=1, maximum=64)


@attrs.frozen
class Cluster:
    """Several processes as one server."""

    redis: str = option(
        "", "a Redis address (redis://user:password@host:port/number); empty: this process is alone", secret=True
    )
    name: str = option("gameserver", "what the processes of one cluster have in common at that Redis")
    silence: float = option(
        10.0, "seconds of silence after which a process is taken for dead", minimum=1, maximum=300
    )


@attrs.frozen
class Drain:
    """How a server ends that others go on for, or that people should leave by themselves."""

    seconds: float = option(
        0.0,
        "seconds for which a server that is asked to stop lets nobody in any more and waits until everybody has gone",
        minimum=0,
        maximum=86400,
        reloadable=True,
    )


# Not frozen: a reload changes it in place, so that whoever comes next finds what is in force.
@attrs.define
class Limits:
    """What one client may use. The defaults let every ordinary client and a classroom behind one address through."""

    connections_per_address: int = option(600, "open connections from one address", minimum=1, reloadable=True)
    connections: int = option(20000, "open connections in all", minimum=1, reloadable=True)
    messages_per_second: float = option(
        60.0,
        "messages a second of one person over all their connections, in the long run",
        minimum=0.1,
        reloadable=True,
    )
    burst: int = option(240, "messages of one person that may come at once", minimum=1, reloadable=True)
    address_factor: float = option(
        40.0,
        "how many times the messages, and logins a second, of one person an address may have",
        minimum=1,
        reloadable=True,
    )
    logins: int = option(60, "logins of one account or guest name that may come at once", minimum=1, reloadable=True)
    logins_per_second: float = option(
        0.5, "logins a second of one account or guest name, in the long run", minimum=0.01, reloadable=True
    )
    logins_per_address: int = option(500, "logins from one address that may come at once", minimum=1, reloadable=True)
    login_failures: int = option(
        3,
        "failed logins of a name that cost no delay; an address has twenty times as many",
        minimum=0,
        reloadable=True,
    )
    login_delay: float = option(
        10.0, "longest delay after failed logins, seconds", minimum=0, maximum=600, reloadable=True
    )
    outbox_bytes: int = option(
        4 << 20, "bytes that may wait for a slow reader before it is dropped", minimum=65536, reloadable=True
    )
    reading_seconds: float = option(
        30.0,
        "seconds in which a client has to read some of what waits for it before it is dropped",
        minimum=1,
        reloadable=True,
    )
    hash_queue: int = option(1000, "logins that may wait for their password to be checked", minimum=1)
    hash_threads: int = option(2, "passwords checked at the same time", minimum=1, maximum=64)


def not_a_team(text: str) -> str:
    """Return what is wrong with the name of a team, or an empty text."""
    return "" if WORD.fullmatch(text) else "expected 1 to 64 characters, no blanks, quotes, '=' and ':'"


def not_a_host(text: str) -> str:
    """Return what is wrong with an address to listen on, or an empty text."""
    return "" if re.fullmatch(r"[0-9A-Za-z.:%_-]+", text) else "expected an address such as 127.0.0.1, 0.0.0.0 or ::"


@attrs.frozen
class Accounts:
    """Who may have an account."""

    registration: bool = option(True, "whether people may register themselves", reloadable=True)
    team: str = option("SE", "the team of new accounts; no blanks", check=not_a_team)
    temporary_hours: int = option(24, "hours a temporary test player lives at least", minimum=24)
    password_length: int = option(
        6,
        "characters of the shortest password; passwords registered at the chat follow its document's rule instead",
        minimum=1,
        maximum=64,
    )
    registrations_per_address: int = option(
        100,
        "accounts that people behind one address may make at once, at all protocols together",
        minimum=1,
        reloadable=True,
    )
    registration_seconds: float = option(
        10.0, "seconds after which an address may have one account more", minimum=0.001, reloadable=True
    )
    name_kept_days: int = option(
        90, "days for which nobody else gets the name of an account that has been deleted", minimum=1, maximum=3650
    )
    testplayers_per_address: int = option(
        1000,
        "test players that may be made from one address at once; whole courses test from one",
        minimum=1,
        reloadable=True,
    )
    testplayer_seconds: float = option(
        2.0, "seconds after which an address may have one test player more", minimum=0.001, reloadable=True
    )


@attrs.frozen
class Tls:
    """The certificate of the TLS ports. Without paths a self-signed one is made in the data directory."""

    certificate: str = option("", "path of the PEM chain, own certificate first", reloadable=True)
    private_key: str = option("", "path of the PEM private key", reloadable=True)


@attrs.frozen
class Config:
    """Everything that can be set. ``whole`` adds the sections of the protocols, each an attribute of its name."""

    listen: str = option(
        "127.0.0.1", "the address the default endpoints bind to; 0.0.0.0 or :: opens them all", check=not_a_host
    )
    data_dir: str = option("", "the directory of database, secrets and certificate; empty: ~/.local/share/gameserver")
    name: str = option("gameserver", "what the server calls itself on its pages")
    stop_deadline: float = option(10.0, "seconds an orderly stop may take", minimum=0.1, maximum=300)
    log: Log = section(Log)
    storage: Storage = section(Storage)
    cluster: Cluster = section(Cluster)
    drain: Drain = section(Drain)
    limits: Limits = section(Limits)
    accounts: Accounts = section(Accounts)
    tls: Tls = section(Tls)
    web: Web = section(Web)

    def section(self, kind: type[T]) -> T:
        """Return the section that a protocol has brought, by its class. Raises ``KeyError`` if there is none."""
        for field in attrs.fields(type(self)):
            found = getattr(self, field.name)
            if isinstance(found, kind):
                return found
        raise KeyError(kind.__name__)


def whole(sections: Mapping[str, type[Any]]) -> type[Config]:
    """Return the class of the whole tree: this one with a section for each protocol, by name."""
    fields = {name: section(kind) for name, kind in sections.items()}
    made = attrs.make_class("Config", fields, bases=(Config,), frozen=True)
    made.__annotations__ = dict(sections)
    return made


def default_data_dir() -> Path:
    """Return the data directory of a user who names none, by the XDG convention."""
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "gameserver"


def open_endpoints(config: Config) -> Config:
    """Put the address to listen on into every endpoint text that leaves it open as ``{listen}``."""
    address = config.listen.replace("\\", "\\\\").replace(":", "\\:")

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("{listen}", address)
        if isinstance(value, tuple):
            return tuple(filled(item) for item in value)
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if attrs.has(type(value)):
            changed = {field.name: filled(getattr(value, field.name)) for field in attrs.fields(type(value))}
            return attrs.evolve(value, **changed)
        return value

    result: Config = filled(config)
    return result
