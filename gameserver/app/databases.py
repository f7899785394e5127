"""Moving everything from one database to another, for the command line."""

from __future__ import annotations

import os

from sqlalchemy.exc import SQLAlchemyError

from gameserver.errors import StartError
from gameserver.storage.copy import CannotCopy, Progress, copy_database
from gameserver.storage.migrate import UnknownSchema


def copy(source: str, target: str, progress: Progress) -> int:
    """Copy all rows of one database to another that is empty; return how many. Raises ``StartError``.

    Both are URLs as ``storage.url`` has them, or paths of SQLite files. What goes wrong before the comparison leaves
    no row behind.
    """
    source, target = _url(source), _url(target)
    if source == target:
        raise StartError("the two databases are the same")
    file = target.removeprefix("sqlite:///")
    try:
        if file != target:
            # Made here, so that nobody else may read it.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        return copy_database(source, target, progress)
    except (CannotCopy, UnknownSchema) as error:
        raise StartError(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StartError(f"a database cannot be used: {reason}") from None


def _url(text: str) -> str:
    return text if "://" in text else f"sqlite:///{os.path.abspath(text)}"
