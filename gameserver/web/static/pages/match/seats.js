// Who is away, and how much time a turn has left: asked of the server while somebody looks.

import { ask } from "../../net/api.js";
import { poll } from "../../poll.js";

/** Seconds between two questions. */
const EVERY = 2;

/** {of(name), turnSeconds(), end()}; `changed()` is called with every answer. A game at another server has none. */
export function seats(season, name, changed) {
  let known = new Map();
  let turn = 0;
  const address = `/api/seats?season=${season.name}&name=${encodeURIComponent(name)}`;
  const end = poll(async () => {
    const answer = await ask(address);
    known = new Map(answer.seats.map((seat) => [seat.name, seat]));
    turn = answer.turn_seconds;
    changed();
  }, EVERY);
  return { of: (nickname) => known.get(nickname) ?? null, turnSeconds: () => turn, end };
}
