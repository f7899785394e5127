"""``python -m soak``: ten minutes, an hour with GAMESERVER_LONG=1, or SOAK_SECONDS; table and picture in .soak/."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet import task
from twisted.internet.defer import ensureDeferred
from twisted.internet.threads import deferToThread

from soak.report import line, picture, table
from soak.run import SETTINGS, Outcome, Soak
from soak.samples import left_over, too_steep
from tests.integration.server import Server

#: Where a run leaves what it has shown, outside of the repository.
LEFT = Path(__file__).parent.parent / ".soak"

#: Seconds between two samples, and samples between two lines on the screen.
EVERY, SHOWN = 3.0, 10

#: Of a hundred visits so many may go wrong: nobody's fault on a machine that has stood still for a moment.
WRONG = 1


def seconds() -> float:
    """Return how long to run."""
    return float(os.environ.get("SOAK_SECONDS") or (3600 if os.environ.get("GAMESERVER_LONG") else 600))


def told(outcome: Outcome) -> None:
    """Show how it goes."""
    if len(outcome.samples) % SHOWN == 1:
        wrong = f", {len(outcome.failures)} went wrong" if outcome.failures else ""
        print(f"{line(outcome.samples[-1])}  {outcome.done.total()} visits{wrong}", flush=True)


def verdict(outcome: Outcome) -> list[str]:
    """Return what is wrong with a run."""
    wrong = too_steep(outcome.samples)
    if outcome.before is not None and outcome.after is not None:
        wrong += left_over(outcome.before, outcome.after)
    if len(outcome.failures) * 100 > WRONG * outcome.done.total():
        wrong.append(f"{len(outcome.failures)} of {outcome.done.total()} visits went wrong: {outcome.failures[:5]}")
    return wrong


async def main(reactor: Any) -> None:
    """Run, show and keep what that has shown. Raises ``SystemExit`` with 1 if something grows."""
    server = Server(settings=SETTINGS)
    await deferToThread(server.start)
    try:
        outcome = await Soak(reactor, server, seconds(), EVERY, told).run()
        status = await deferToThread(server.stop)
    finally:
        server.kill()
    LEFT.mkdir(exist_ok=True)
    shown = table(outcome)
    (LEFT / "soak.txt").write_text(shown + "\n")
    (LEFT / "soak.svg").write_text(picture(outcome.samples))
    (LEFT / "server.log").write_text(server.log + "\n")
    print(f"{shown}\nkept in {LEFT}")
    wrong = verdict(outcome)
    if status != 0:
        wrong.append(f"the server ended with status {status}")
    if wrong:
        print("\n".join(wrong))
        raise SystemExit(1)


if __name__ == "__main__":
    task.react(lambda reactor: ensureDeferred(main(reactor)))
