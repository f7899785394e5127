// Messages and errors a second by door, from two looks at /metrics.

let before = null;

/** The rates since the last call: a map from door to {messages, errors}; empty at the first call. */
export async function rates() {
  const response = await fetch("/metrics");
  const now = { at: performance.now(), counts: counted(await response.text()) };
  const found = new Map();
  if (before) {
    const seconds = (now.at - before.at) / 1000;
    for (const [door, { messages, errors }] of now.counts) {
      const old = before.counts.get(door) || { messages: 0, errors: 0 };
      found.set(door, { messages: (messages - old.messages) / seconds, errors: (errors - old.errors) / seconds });
    }
  }
  before = now;
  return found;
}

function counted(text) {
  const doors = new Map();
  for (const [, kind, door, value] of text.matchAll(/^gameserver_(messages|errors)_total\{[^}]*\bdoor="([^"]+)"[^}]*\} (\S+)$/gm)) {
    const found = doors.get(door) || { messages: 0, errors: 0 };
    found[kind] += Number(value);
    doors.set(door, found);
  }
  return doors;
}
