"""From what a load has found to an outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chaos.acts import Load
from chaos.bystander import percentile
from chaos.fault import Outcome

#: Findings that are told in full; of the rest only the number.
TOLD = 10


def judged(
    load: Load,
    times: int,
    *,
    wrong: Sequence[str] = (),
    notes: Sequence[str] = (),
    waited: Sequence[float] = (),
    memory: tuple[int | None, int | None] = (None, None),
) -> Outcome:
    """Return the outcome of a fault made so many times.

    ``wrong`` is what was found besides the load, ``waited`` the seconds of a bystander.
    """
    idle = [f"{actor.name}: nothing was ever confirmed" for actor in load.actors if not actor.confirmed]
    lost, all_wrong = load.lost, [*load.wrong, *wrong, *idle]
    acts = Counter[str]()
    for actor in load.actors:
        acts[actor.name] += actor.confirmed
    told = [f"lost: {line}" for line in lost[:TOLD]] + [f"wrong: {line}" for line in all_wrong[:TOLD]]
    if (rest := len(lost) + len(all_wrong) - len(told)) > 0:
        told.append(f"and {rest} more of these")
    return Outcome(
        times,
        load.confirmed,
        len(lost),
        len(all_wrong),
        percentile(list(waited)) if waited else None,
        *memory,
        (*told, *notes, "confirmed: " + ", ".join(f"{name} {count}" for name, count in acts.items())),
    )
