"""Accounts for a whole course from a list, with passwords to hand out."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterable

import attrs

from gameserver.accounts.accounts import Accounts
from gameserver.errors import Code, GameError

#: Letters and digits that nobody mistakes for others on paper, and how many a password has.
ALPHABET, LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10

#: The columns of a list; only the first has to be there.
COLUMNS = ("name", "email", "password", "team")


@attrs.frozen
class Person:
    """A line of the list; ``password`` and ``team`` may be empty. ``number`` is the line's."""

    number: int
    name: str
    email: str = ""
    password: str = ""
    team: str = ""


def read(lines: Iterable[str]) -> list[Person]:
    """Return the people of a list: comma-separated, with a line of headings or names alone.

    Raises ``GameError`` naming the line that cannot be read.
    """
    people: list[Person] = []
    columns: list[str] | None = None
    reader = csv.reader(lines, skipinitialspace=True)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if columns is None:
            headed = cells[0].lower() == COLUMNS[0]
            columns = [cell.lower() for cell in cells] if headed else list(COLUMNS)
            if unknown := [column for column in columns if column not in COLUMNS]:
                raise _unreadable(reader.line_num, f"no column {unknown[0]}; there are {', '.join(COLUMNS)}")
            if headed:
                continue
        if len(cells) > len(columns):
            raise _unreadable(reader.line_num, f"{len(cells)} values in {len(columns)} columns")
        people.append(Person(reader.line_num, **dict(zip(columns, cells, strict=False))))
    return people


def _unreadable(line: int, why: str) -> GameError:
    return GameError(Code.BAD_REQUEST, f"line {line}: {why}")


async def enrol(accounts: Accounts, person: Person, role: str, team: str | None) -> str | None:
    """Make somebody's account and return its password, ``None`` if there is an account of that name already.

    Raises ``GameError`` naming the line for one that cannot be made.
    """
    if await accounts.by_name(person.name) is not None:
        return None
    password = person.password or "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    try:
        await accounts.create(person.name, password, person.email or None, role, person.team or team)
    except GameError as error:
        raise GameError(error.code, f"line {person.number}, {person.name}: {error.text}") from None
    return password
