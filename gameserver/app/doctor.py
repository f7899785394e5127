"""Looks over an installation, running or not, and says what to do about what it finds."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.exc import SQLAlchemyError

from gameserver.app.backups import last_backup
from gameserver.app.checking import check
from gameserver.app.data_directory import RESTORING, DataDirectory
from gameserver.cluster.address import redis_address
from gameserver.cluster.ask_redis import ask
from gameserver.config import Config
from gameserver.config.endpoints import endpoint_keys
from gameserver.errors import StartError
from gameserver.net.endpoints import EndpointText
from gameserver.storage.database import create_engine, now_ms, sqlite_url
from gameserver.storage.revisions import newest_revision, revision_of

OK, WARNING, WRONG = "ok", "warning", "wrong"

#: Days before its end at which a certificate has to be renewed: those that renew themselves do it a month before.
CERTIFICATE_DAYS = 14

#: Days after which a backup is old.
BACKUP_DAYS = 7

#: Bytes of free disk below which there is a warning, and below which nothing can be relied upon.
DISK_LOW, DISK_FULL = 1 << 30, 100 << 20

#: Seconds by which clocks may differ, and which a question to another machine may take.
CLOCKS, ANSWER = 2.0, 3.0

#: Seconds for an answer of the database beyond which everybody waits.
SLOW = 0.1

#: Files that are open beside the connections.
OTHER_FILES = 100


@attrs.frozen
class Finding:
    """One line: ``level`` is ``ok``, ``warning`` or ``wrong``, ``remedy`` what to do about it, empty if nothing."""

    level: str
    subject: str
    text: str
    remedy: str = ""


def look_over(config: Config) -> Iterator[Finding]:
    """Look at one thing after the other. Makes nothing and changes nothing."""
    for look in (_configuration, _directory, _files, _disk, _backup, _certificate, _database, _redis, _ports):
        yield from look(config)


def _configuration(config: Config) -> Iterator[Finding]:
    try:
        check(config)
    except StartError as error:
        yield Finding(WRONG, "configuration", str(error), "correct it; `gameserver check-config` reads it again")
    else:
        yield Finding(OK, "configuration", "the server would start with it")


def _directory(config: Config) -> Iterator[Finding]:
    path = Path(config.data_dir)
    try:
        DataDirectory.existing(path)
    except StartError as error:
        unfinished = (path / RESTORING).exists()
        remedy = "" if unfinished else "name the right one, or start the server once"
        yield Finding(WRONG if unfinished else WARNING, "data directory", str(error), remedy)
        return
    kept = path.stat()
    if kept.st_uid != os.geteuid():
        yield Finding(
            WRONG,
            "data directory",
            f"{path} belongs to another user",
            "run this command, and the server, as its owner",
        )
    elif stat.S_IMODE(kept.st_mode) & 0o077:
        yield Finding(WARNING, "data directory", f"others may look into {path}", f"chmod 700 {path}")
    else:
        yield Finding(OK, "data directory", str(path))


def _running(config: Config) -> bool:
    lock = Path(config.data_dir) / "lock"
    if not lock.exists():
        return False
    try:
        DataDirectory(Path(config.data_dir)).lock().close()
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _files(config: Config) -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = config.limits.connections + OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        yield Finding(
            WARNING,
            "open files",
            f"at most {hard} here, and limits.connections lets {config.limits.connections} people in",
            "raise LimitNOFILE of the service (or `ulimit -Hn`), or lower limits.connections",
        )
    else:
        yield Finding(OK, "open files", f"at most {'any number' if hard == resource.RLIM_INFINITY else hard}")


def _disk(config: Config) -> Iterator[Finding]:
    path = Path(config.data_dir)
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    text = f"{free / (1 << 30):.1f} GiB free at {path}"
    if free < DISK_LOW:
        yield Finding(
            WRONG if free < DISK_FULL else WARNING, "disk", text, "make room: without it nothing can be confirmed"
        )
    else:
        yield Finding(OK, "disk", text)


def _backup(config: Config) -> Iterator[Finding]:
    noted = last_backup(config)
    make = "gameserver backup FILE, every night"
    if noted is None:
        yield Finding(WARNING, "backup", "none has been made yet", make)
        return
    days = (time.time() - datetime.fromisoformat(noted["made"]).timestamp()) / 86400
    if days > BACKUP_DAYS:
        yield Finding(WARNING, "backup", f"the last one is {days:.0f} days old", make)
    elif not Path(noted["file"]).exists():
        yield Finding(WARNING, "backup", f"{noted['file']} is not there any more", "see that it is somewhere")
    else:
        yield Finding(OK, "backup", f"{noted['file']}, {days * 24:.0f} hours old")


def _certificate(config: Config) -> Iterator[Finding]:
    texts = [text for texts in endpoint_keys(config).values() for text in texts]
    files = {EndpointText.parse(text).options.get("certKey", "") for text in texts if EndpointText.parse(text).secure}
    own = config.tls.certificate or str(Path(config.data_dir) / "tls" / "certificate.pem")
    for file in sorted({own, *files} - {""}):
        try:
            found = x509.load_pem_x509_certificate(Path(file).read_bytes())
        except FileNotFoundError:
            if file == own and not config.tls.certificate:
                # It is made at the first start.
                continue
            yield Finding(WRONG, "certificate", f"{file} is not there", "put it there, or correct the path")
            continue
        except (OSError, ValueError) as error:
            yield Finding(WRONG, "certificate", f"{file}: {error}", "put a certificate in PEM form there")
            continue
        days = (found.not_valid_after_utc - datetime.now(UTC)).total_seconds() / 86400
        text = f"{file} is good for {days:.0f} days"
        renew = "gameserver cert renew" if file == own and not config.tls.certificate else "renew it"
        if days < 0:
            yield Finding(WRONG, "certificate", f"{file} ended {-days:.0f} days ago", f"{renew}, then send SIGHUP")
        elif days < CERTIFICATE_DAYS:
            yield Finding(WARNING, "certificate", text, f"{renew}, then send SIGHUP")
        elif found.issuer == found.subject:
            yield Finding(OK, "certificate", f"{text}; self-signed, so clients have to be told to trust it")
        else:
            yield Finding(OK, "certificate", text)


def _database(config: Config) -> Iterator[Finding]:
    url = config.storage.url or sqlite_url(Path(config.data_dir))
    file = sa.make_url(url).database or "" if url.startswith("sqlite") else ""
    if file and not os.path.exists(file):
        yield Finding(WARNING, "database", f"{file} is not there yet", "start the server once")
        return
    # SQLite is only read: to open it for more would make files beside it, of whoever asks.
    engine = sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true") if file else create_engine(url)
    try:
        with engine.connect() as connection:
            began, here = time.monotonic(), time.time()
            schema, there = revision_of(connection), None if file else now_ms(connection) / 1000
            took = time.monotonic() - began
            reads_only = not file and connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        yield Finding(WRONG, "database", f"cannot be used: {reason}", "see whether it runs and storage.url is right")
        return
    finally:
        engine.dispose()
    if reads_only or (file and not os.access(file, os.W_OK)):
        yield Finding(WRONG, "database", "can only be read", "give its owner the right to write")
    elif schema is None:
        yield Finding(WARNING, "database", "is empty", "start the server once")
    elif schema > newest_revision():
        yield Finding(WRONG, "database", f"has schema {schema}, of a newer version", "use that version")
    elif schema != newest_revision():
        text = f"has schema {schema}, and will be brought to {newest_revision()} at the next start"
        yield Finding(WARNING, "database", text, "make a backup before")
    elif took > SLOW:
        yield Finding(
            WARNING, "database", f"answers in {took * 1000:.0f} ms", "bring it nearer; everybody waits for it"
        )
    else:
        yield Finding(OK, "database", f"{'SQLite' if file else 'PostgreSQL'}, answers in {took * 1000:.1f} ms")
    if there is not None:
        yield _clock("the database's", there - here)


def _clock(whose: str, ahead: float) -> Finding:
    if abs(ahead) > CLOCKS:
        text = f"{whose} is {abs(ahead):.0f} s {'ahead' if ahead > 0 else 'behind'}"
        return Finding(WARNING, "clock", text, "let both go by a time server (systemd-timesyncd, chrony)")
    return Finding(OK, "clock", f"{whose} agrees with this machine's")


def _redis(config: Config) -> Iterator[Finding]:
    if not config.cluster.redis:
        return
    try:
        address = redis_address(config.cluster.redis)
        began, here = time.monotonic(), time.time()
        seconds, micros = ask(address, ("TIME",), ANSWER)
        took = time.monotonic() - began
    except (OSError, ValueError, TypeError) as error:
        yield Finding(WRONG, "Redis", f"cannot be used: {error}", "see whether it runs and cluster.redis is right")
        return
    yield Finding(OK, "Redis", f"answers in {took * 1000:.1f} ms")
    yield _clock("Redis'", int(seconds) + int(micros) / 1e6 - here)


def _ports(config: Config) -> Iterator[Finding]:
    running = _running(config)
    if not running:
        yield Finding(OK, "server", "none runs on this data directory")
    for key, texts in endpoint_keys(config).items():
        for text in texts:
            parsed = EndpointText.parse(text)
            if parsed.kind not in ("tcp", "tcp4", "tcp6", "ssl"):
                continue
            interface = parsed.options.get("interface", "")
            hosts = outside() if interface in ("", "0.0.0.0", "::") else [interface]
            if running:
                yield _answers(key, parsed, hosts)
            else:
                yield _is_free(key, parsed, interface)


def _answers(key: str, parsed: EndpointText, hosts: list[str]) -> Finding:
    dead = []
    for host in hosts:
        try:
            socket.create_connection((host, parsed.port), ANSWER).close()
        except OSError as error:
            dead.append(f"{host} ({error.strerror or error})")
    where = f"{key}: port {parsed.port}"
    if not dead:
        return Finding(OK, "port", f"{where} answers at {', '.join(hosts)}")
    if parsed.optional:
        return Finding(WARNING, "port", f"{where}, optional, does not answer at {', '.join(dead)}", "see the log")
    return Finding(
        WRONG, "port", f"{where} does not answer at {', '.join(dead)}", "see the log, and this machine's firewall"
    )


def _is_free(key: str, parsed: EndpointText, interface: str) -> Finding:
    where = f"{key}: port {parsed.port}"
    family = socket.AF_INET6 if ":" in interface or parsed.kind == "tcp6" else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, parsed.port))
        except OSError as error:
            level = WARNING if parsed.optional else WRONG
            remedy = {
                errno.EADDRINUSE: f"end what listens there (`ss -ltnp sport = :{parsed.port}`), or set {key}",
                errno.EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE; or set another",
                errno.EADDRNOTAVAIL: "this machine has no such address; correct `listen`",
            }.get(error.errno or 0, f"set {key}")
            return Finding(level, "port", f"{where} cannot be had: {error.strerror}", remedy)
    return Finding(OK, "port", f"{where} is free")


def outside() -> list[str]:
    """Return this machine's addresses: its own, and those by which others reach it. Nothing is sent for that."""
    found = ["127.0.0.1"]
    for family, there in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((there, 9))
                found.append(probe.getsockname()[0])
        except OSError:
            # There is no way out of this kind.
            continue
    return [host for host in found if ":" not in host or not host.startswith("fe80")]
