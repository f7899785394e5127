// The lobby's lines as the pages read and write them, over a socket that is none.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

class FakeSocket extends EventTarget {
  static OPEN = 1;

  constructor(address, protocols) {
    super();
    this.address = address;
    this.protocols = protocols;
    this.readyState = FakeSocket.OPEN;
    this.sent = [];
  }

  send(text) {
    this.sent.push(text);
  }

  close() {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }

  /** Let the server say something. */
  hear(...lines) {
    this.dispatchEvent(new MessageEvent("message", { data: `${lines.join("\r\n")}\r\n` }));
  }
}

globalThis.addEventListener = () => {};
globalThis.location = { protocol: "https:", host: "example" };
globalThis.WebSocket = FakeSocket;
const { fields, Lobby } = await import("../../gameserver/web/static/net/lobby.js");

let lobby;
let socket;

beforeEach(() => {
  lobby = new Lobby({ path: "/kassel/ss14" });
  ({ socket } = lobby);
});
afterEach(() => lobby.close());

const greet = () => socket.hear("SE1-Server 1.0, Timeout set to 3600000ms");
/** Until everything that was only waiting for its turn has had it. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

test("it connects to the season's path, and says nothing before it is greeted", async () => {
  assert.equal(socket.address, "wss://example/kassel/ss14");
  assert.deepEqual(socket.protocols, ["kassel.beat", "kassel"]);
  const said = lobby.say("LIST GAMES");
  await soon();
  assert.deepEqual(socket.sent, []);
  greet();
  await soon();
  assert.deepEqual(socket.sent, ["LIST GAMES"]);
  socket.hear("GAME NAME=a EVENTS=0 PLAYERS=0/2", "OK");
  assert.deepEqual(await said, ["GAME NAME=a EVENTS=0 PLAYERS=0/2"]);
});

test("answers go to those who asked, in their order; a refusal is thrown", async () => {
  greet();
  const first = lobby.say("LOGIN a b");
  const second = lobby.say("NOOP");
  await soon();
  socket.hear("ERROR: unknown user");
  socket.hear("OK");
  await assert.rejects(first, /^Error: unknown user$/);
  assert.deepEqual(await second, []);
  const third = lobby.say("JOIN GAME x");
  await soon();
  socket.hear("ERROR: [no_game] There is no game [x].");
  await assert.rejects(third, { message: "There is no game [x].", code: "no_game" });
});

test("talk and events go their own ways, also between the lines of an answer", async () => {
  greet();
  const heard = [];
  lobby.onchat = (line) => heard.push(line);
  lobby.onevent = (event) => heard.push(event["@prop"]);
  const said = lobby.say("LIST USERS");
  await soon();
  socket.hear(
    "USER NICK=a",
    'MSG FROM bob TO ALL: "say "hi""',
    '{"@ts":"1","@src":"A@1","@prop":"name","@nv":"x"}',
    "OK",
  );
  assert.deepEqual(await said, ["USER NICK=a"]);
  assert.deepEqual(heard, [{ from: "bob", to: "ALL", text: 'say "hi"' }, "name"]);
});

test("a command of a game has its arguments as entries, and none when it has none", () => {
  lobby.act("DRAW_CARD");
  lobby.act("TAKE", { count: 2 });
  lobby.act("TRADE", { give: "ORE", take: "WOOL" });
  assert.deepEqual(socket.sent.map(JSON.parse), [
    { "@action": "DRAW_CARD" },
    { "@action": "TAKE", properties: { entry: { key: "count", value: "2" } } },
    {
      "@action": "TRADE",
      properties: {
        entry: [
          { key: "give", value: "ORE" },
          { key: "take", value: "WOOL" },
        ],
      },
    },
  ]);
});

test("a sign of life is given when the server asks for one, and the page hears nothing of it", () => {
  greet();
  lobby.onevent = () => assert.fail("this is no event of a game");
  socket.hear('{"@ts":"1","@src":"SERVER","@prop":"BEAT","@nv":""}');
  assert.deepEqual(socket.sent, [""]);
});

test("the end of a connection has a reason", () => {
  const reasons = [];
  lobby.onclose = (reason) => reasons.push(reason);
  const end = new Event("close");
  end.code = 4001;
  socket.dispatchEvent(end);
  socket.dispatchEvent(new Event("close"));
  assert.deepEqual(reasons, ["kicked"]);
});

test("a silent connection is dead after ten seconds, for those too who wait", async (context) => {
  lobby.close();
  context.mock.timers.enable({ apis: ["setInterval", "Date"] });
  const seconds = (count) => {
    for (let second = 0; second < count; second += 1) context.mock.timers.tick(1000);
  };
  lobby = new Lobby({ path: "/kassel/ss14" });
  ({ socket } = lobby);
  greet();
  const told = [];
  lobby.onquiet = (silence) => told.push(silence);
  lobby.onclose = (reason) => told.push(reason);
  const said = lobby.say("LIST GAMES");
  await soon();
  seconds(7);
  assert.deepEqual(told, [6, 7]);
  greet();
  seconds(9);
  assert.deepEqual(told.slice(2), [0, 6, 7, 8, 9]);
  seconds(1);
  assert.equal(told.at(-1), "silent");
  await assert.rejects(said, ({ unreachable }) => unreachable === true);
  await assert.rejects(lobby.say("NOOP"), ({ unreachable }) => unreachable === true);
});

test("whoever waits when the connection ends is told that it has ended", async () => {
  greet();
  let ended = false;
  lobby.onclose = () => {
    ended = true;
  };
  const said = lobby.say("LIST GAMES");
  await soon();
  socket.close();
  await assert.rejects(said, ({ unreachable }) => unreachable === true);
  assert.equal(ended, true);
});

test("a connection that is refused is no answer of the server", async () => {
  socket.dispatchEvent(new Event("error"));
  await assert.rejects(lobby.say("NOOP"), ({ unreachable }) => unreachable === true);
});

test("the fields of a line may have blanks in their values", () => {
  assert.deepEqual(fields("GAME NAME=my game EVENTS=12 PLAYERS=1/2 STATUS=JOINING"), {
    NAME: "my game",
    EVENTS: "12",
    PLAYERS: "1/2",
    STATUS: "JOINING",
  });
});
