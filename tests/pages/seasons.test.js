// What the pages take from /api/seasons.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

const SS14 = { name: "ss14", game: "carcassonne", count_option: "-maxPlayers", maps: false };
const SS12 = { name: "ss12", game: "creepsmash", count_option: "-players", maps: true };

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

// The module listens for the page being left, which is a thing of browsers.
globalThis.addEventListener = () => {};

let copies = 0;

/** The module as a page that was just opened has it, and a server that gives these answers one after another. */
async function opened(...answers) {
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return Response.json(answer);
  };
  copies += 1;
  const module = await import(`../../gameserver/web/static/net/seasons.js?copy=${copies}`);
  return { ...module, asked };
}

test("the server is asked once", async () => {
  const { seasons, seasonCalled, firstSeason, asked } = await opened({ seasons: [SS14, SS12] });
  assert.deepEqual(await Promise.all([seasons(), seasonCalled("ss12"), firstSeason()]), [[SS14, SS12], SS12, SS14]);
  assert.deepEqual(asked, ["/api/seasons"]);
});

test("a server that was away is asked again", async () => {
  const { seasons, asked } = await opened(new TypeError("no connection"), { seasons: [SS14] });
  await assert.rejects(seasons(), { code: "unreachable", unreachable: true });
  assert.deepEqual(await seasons(), [SS14]);
  assert.equal(asked.length, 2);
});

test("there may be no such season, or none at all", async () => {
  const { seasonCalled, firstSeason } = await opened({ seasons: [] });
  assert.equal(await seasonCalled("toString"), null);
  await assert.rejects(firstSeason(), { code: "no_lobby" });
});

test("a game is made in the words of its season", async () => {
  const { creation } = await opened();
  assert.equal(creation(SS14, "table", 3), "CREATE GAME table -maxPlayers 3");
  assert.equal(creation(SS14, "table", "2", { computers: true }), "CREATE GAME table -maxPlayers 2 -testgame");
  assert.equal(
    creation(SS12, "table", 4, { computers: true, map: "map_sprint" }),
    "CREATE GAME table -players 4 -map map_sprint -testgame",
  );
  assert.equal(creation(SS14, "table", 2, { map: "map_sprint" }), "CREATE GAME table -maxPlayers 2");
});
