// Rates by protocol, from two looks at the metrics.

import assert from "node:assert/strict";
import { test } from "node:test";

/** The metrics of a server, cut down to what is looked for and what looks like it. */
const metrics = (chat, errors, kassel) => `# HELP gameserver_messages_total Messages received
# TYPE gameserver_messages_total counter
gameserver_messages_total{kind="05",protocol="chat"} ${chat}
gameserver_messages_total{kind="04",protocol="chat"} 10.0
gameserver_messages_total{kind="JOIN",protocol="kassel-ss14"} ${kassel}
gameserver_messages_created{kind="05",protocol="chat"} 1.7e+09
gameserver_errors_total{code="full",protocol="chat"} ${errors}
`;

test("two looks give the rates between them", async (context) => {
  const answers = [metrics("100.0", "1.0", "5.0"), metrics("150.0", "2.0", "5.0")];
  let now = 1000;
  context.mock.method(globalThis, "fetch", async () => new Response(answers.shift()));
  context.mock.method(performance, "now", () => now);
  const { rates } = await import("../../gameserver/web/static/net/rates.js");
  assert.equal((await rates()).size, 0);
  now += 2000;
  assert.deepEqual(
    [...(await rates())],
    [
      ["chat", { messages: 25, errors: 0.5 }],
      ["kassel-ss14", { messages: 0, errors: 0 }],
    ],
  );
});
