"""Ask five questions and write a configuration to begin with. Every question has a default."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from gameserver.app.checking import check
from gameserver.app.parts import installed_parts
from gameserver.config import Config, ConfigError, load
from gameserver.config.endpoints import endpoint_keys
from gameserver.config.tree import not_a_host
from gameserver.config.writing import commented
from gameserver.edge.part import Installation
from gameserver.errors import StartError

NAME = "init"
ABOUT = "ask five questions and write a configuration to begin with"

#: Who may come, and the address to listen on.
WHO = {"machine": "127.0.0.1", "network": "0.0.0.0", "everybody": "0.0.0.0"}

#: Who makes accounts, and whether people may do it themselves.
ACCOUNTS = {"themselves": True, "operators": False}

ALL = "all"

#: An IP address or a name of DNS has no more characters.
LONGEST = 253


@attrs.frozen
class Question:
    """``wrong`` returns what is wrong with an answer, or an empty text."""

    key: str
    text: str
    default: str
    wrong: Callable[[str], str]


def _one_of(*words: str) -> Callable[[str], str]:
    return lambda answer: "" if answer in words else f"expected one of {', '.join(words)}"


def _wrong_with_name(answer: str) -> str:
    return "" if answer.isprintable() and len(answer) <= 64 else "expected at most 64 characters of one line"


def _wrong_with_protocols(answer: str) -> str:
    unknown = [word for word in answer.replace(",", " ").split() if word not in (ALL, *installed_parts())]
    return f"there is no {unknown[0]}; there are {', '.join(installed_parts())}" if unknown else ""


def _wrong_with_host(answer: str) -> str:
    return not_a_host(answer) if len(answer) <= LONGEST else "expected a shorter name"


QUESTIONS = (
    Question("name", "What is the server called?", "gameserver", _wrong_with_name),
    Question(
        "who",
        "Who may come: only this machine (machine), the local network (network), everybody (everybody)?",
        "machine",
        _one_of(*WHO),
    ),
    Question("host", "By what name or address do they find it?", "localhost", _wrong_with_host),
    Question(
        "accounts",
        "Who makes accounts: people themselves (themselves), only you (operators)? No mail is sent either way.",
        "themselves",
        _one_of(*ACCOUNTS),
    ),
    Question("protocols", "Which protocols (all, or some of them with blanks between)?", ALL, _wrong_with_protocols),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("file", nargs="?", type=Path, default=Path("gameserver.toml"), help="(default: %(default)s)")
    parser.add_argument("--yes", action="store_true", help="ask nothing: what is not answered here has its default")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    for question in QUESTIONS:
        parser.add_argument(f"--{question.key}", metavar="ANSWER", help=f"{question.text} ({question.default})")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Ask, and write the file. Raises ``StartError``."""
    file: Path = parsed.file
    if file.exists() and not parsed.force:
        raise StartError(f"{file} is there already; --force replaces it")
    answers = {question.key: _answer(question, getattr(parsed, question.key), parsed.yes) for question in QUESTIONS}
    config = installation.config
    text = _file(config, answers)
    try:
        file.write_text(text, "utf-8")
        check(load(type(config), file=file))
    except OSError as error:
        raise StartError(f"{file}: {error.strerror or error}") from None
    except ConfigError as error:
        raise StartError(f"{file}: {error}") from None
    print(f"{file} is written. Every other key has its default: `gameserver check-config` shows them all.")
    print(f"start it      gameserver --config {file} run")
    print(f"an admin      gameserver --config {file} user add NAME --role admin")
    if answers["who"] != "machine":
        print(f"certificate   gameserver --config {file} cert renew --host {answers['host']}")
    print(f"look it over  gameserver --config {file} doctor")
    return 0


def _answer(question: Question, given: str | None, silent: bool) -> str:
    """Return what was given on the command line, or what somebody types. Raises ``StartError``."""
    if given is not None or silent:
        answer = question.default if given is None else given
        if wrong := question.wrong(answer):
            raise StartError(f"--{question.key} {answer}: {wrong}")
        return answer
    while True:
        print(f"{question.text} [{question.default}] ", end="", flush=True)
        line = sys.stdin.readline()
        answer = line.strip() or question.default
        if not (wrong := question.wrong(answer)):
            if not sys.stdin.isatty():
                print(answer)
            return answer
        print(f"\n{wrong}" if not sys.stdin.isatty() else wrong)
        if not line:
            raise StartError(f"nothing more to read; {question.key} is not answered")


def _file(config: Config, answers: dict[str, str]) -> str:
    listen = WHO[answers["who"]]
    values: dict[str, Any] = {"listen": listen, "name": answers["name"]}
    values["accounts.registration"] = ACCOUNTS[answers["accounts"]]
    wanted = set(answers["protocols"].replace(",", " ").split())
    if ALL not in wanted:
        for key in endpoint_keys(config):
            part = key.partition(".")[0]
            if part in installed_parts() and part not in wanted:
                values[key] = ()
    head = (
        "# The configuration of a game server, made by `gameserver init`.\n"
        "# What is not set has its default; `gameserver check-config` prints every key with its meaning.\n\n"
    )
    return head + commented(config, values) + "\n"
