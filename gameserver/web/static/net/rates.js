// Messages and errors a second by protocol, from two looks at /metrics.

let before = null;

/** The rates since the last call: a map from protocol to {messages, errors}; empty at the first call. */
export async function rates() {
  const response = await fetch("/metrics");
  const now = { at: performance.now(), counts: counted(await response.text()) };
  const found = new Map();
  if (before) {
    const seconds = (now.at - before.at) / 1000;
    for (const [protocol, { messages, errors }] of now.counts) {
      const old = before.counts.get(protocol) || { messages: 0, errors: 0 };
      found.set(protocol, { messages: (messages - old.messages) / seconds, errors: (errors - old.errors) / seconds });
    }
  }
  before = now;
  return found;
}

function counted(text) {
  const protocols = new Map();
  for (const [, kind, protocol, value] of text.matchAll(
    /^gameserver_(messages|errors)_total\{[^}]*\bprotocol="([^"]+)"[^}]*\} (\S+)$/gm,
  )) {
    const found = protocols.get(protocol) || { messages: 0, errors: 0 };
    found[kind] += Number(value);
    protocols.set(protocol, found);
  }
  return protocols;
}
