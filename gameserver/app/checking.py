"""What is wrong with a configuration beyond the bounds of its keys: one answer for the start and `check-config`.

Whether a port is free, a directory can be written and a database be reached shows only at the start.
"""

from __future__ import annotations

from pathlib import Path

import attrs
from sqlalchemy.exc import SQLAlchemyError

from gameserver.app.logs import PACKAGES
from gameserver.app.parts import check_parts
from gameserver.cluster.address import redis_address
from gameserver.config import Config
from gameserver.errors import StartError
from gameserver.net.tls import CertificateError, Certificates
from gameserver.storage.database import create_engine


def check(config: Config) -> None:
    """Raise ``StartError`` for a configuration with which the server cannot start."""
    own_certificates(config)
    if config.storage.url:
        check_database(config.storage.url)
    if config.cluster.redis:
        try:
            redis_address(config.cluster.redis)
        except ValueError as error:
            raise StartError(f"cluster.redis: {error}") from None
    check_levels(config)
    check_parts(config)


def check_levels(config: Config) -> None:
    """Raise ``StartError`` for a level of a part that does not exist."""
    protocols = [field.name for field in attrs.fields(type(config)) if field.name not in attrs.fields_dict(Config)]
    known = sorted({*PACKAGES, *protocols})
    for name in config.log.levels:
        if name not in known:
            raise StartError(f"log.levels.{name}: there is no such part; known here: {', '.join(known)}")


def check_database(url: str) -> None:
    """Raise ``StartError`` for an address of no kind of database that can be used here. Connects to nothing."""
    try:
        create_engine(url).dispose()
    except (SQLAlchemyError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise StartError(f"storage.url: the database cannot be used: {reason}") from None


def own_certificates(config: Config) -> Certificates | None:
    """Return the operator's certificate, ``None`` where the server makes one for itself. Raises ``StartError``."""
    tls = config.tls
    if bool(tls.certificate) != bool(tls.private_key):
        raise StartError("tls.certificate and tls.private_key belong together; one of them is missing")
    if not tls.certificate:
        return None
    try:
        return Certificates(Path(tls.certificate), Path(tls.private_key))
    except (OSError, CertificateError) as error:
        raise StartError(str(error)) from None
