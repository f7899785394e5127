"""The table of a run: a line a fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chaos.fault import Outcome

#: Where the table of the last run is kept, as Markdown; not part of the repository.
LAST = Path(__file__).parent.parent / ".chaos" / "last.md"

HEAD = ("fault", "times", "confirmed", "lost", "wrong", "bystander p99", "memory before", "memory after")


def _mebibytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 2**20:.0f} MiB"


def row(name: str, outcome: Outcome) -> tuple[str, ...]:
    """Return the texts of one line."""
    return (
        name,
        str(outcome.times),
        str(outcome.confirmed),
        str(outcome.lost),
        str(outcome.wrong),
        "-" if outcome.p99 is None else f"{outcome.p99 * 1000:.1f} ms",
        _mebibytes(outcome.before),
        _mebibytes(outcome.after),
    )


def rows(outcomes: Mapping[str, Outcome]) -> list[tuple[str, ...]]:
    """Return the lines: the head, the faults, and their sum."""
    found = [HEAD, *(row(name, outcome) for name, outcome in outcomes.items())]
    sums = (str(sum(getattr(outcome, key) for outcome in outcomes.values())) for key in HEAD[1:5])
    return [*found, ("sum", *sums, "", "", "")]


def text(outcomes: Mapping[str, Outcome]) -> str:
    """Return the table as text, with the notes below it."""
    lines = rows(outcomes)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join(shown + _notes(outcomes, "{}: {}"))


def markdown(outcomes: Mapping[str, Outcome]) -> str:
    """Return the table as Markdown, with the notes below it."""
    head, *lines = rows(outcomes)
    rule = ("---", *["--:"] * (len(head) - 1))
    shown = [f"| {' | '.join(line)} |" for line in (head, rule, *lines)]
    notes = _notes(outcomes, "* {}: {}")
    return "\n".join(shown + (["", *notes] if notes else [])) + "\n"


def _notes(outcomes: Mapping[str, Outcome], form: str) -> list[str]:
    return [form.format(name, note) for name, outcome in outcomes.items() for note in outcome.notes]


def keep(outcomes: Mapping[str, Outcome]) -> Path:
    """Write the table down as Markdown, and return where."""
    LAST.parent.mkdir(exist_ok=True)
    LAST.write_text(markdown(outcomes), encoding="utf-8")
    return LAST
