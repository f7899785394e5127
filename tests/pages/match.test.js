// The page of a match: places at the end, moves one after the other, sentences with their reasons.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";

const { nextName, places } = await import("../../gameserver/web/static/pages/match/places.js");
const { Pace, SHOWN } = await import("../../gameserver/web/static/pages/match/pace.js");
const { teller: carcassonne } = await import("../../gameserver/web/static/boards/carcassonne/tell.js");
const { teller: catan } = await import("../../gameserver/web/static/boards/catan/tell.js");
const { Model } = await import("../../gameserver/web/static/net/model.js");

const player = (nickname, score, visitor = "false") => ({ user: { nickname }, score, visitor });
const score = (one) => one.score;

test("the winner is first, equal points share a place, visitors have none", () => {
  const [anne, bob, carl, dora] = [player("anne", 3), player("bob", 9), player("carl", 9), player("dora", 1)];
  const rows = places([anne, bob, carl, dora, player("eve", 99, "true")], anne.user, score);
  assert.deepEqual(
    rows.map(({ name, place }) => [place, name]),
    [
      [1, "anne"],
      [2, "bob"],
      [2, "carl"],
      [4, "dora"],
    ],
  );
});

test("the next game's name goes on from this one's, within what a name may have", () => {
  assert.equal(nextName("table"), "table-r2");
  assert.equal(nextName("table-r2"), "table-r3");
  assert.equal(nextName("table-r9"), "table-r10");
  assert.equal(nextName("x".repeat(32)), `${"x".repeat(29)}-r2`);
});

test("a move of somebody else is seen for a moment, with what belongs to it; nothing is lost", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const shown = [];
  let hidden = false;
  const pace = new Pace(
    (event) => {
      shown.push(event.id);
      return event.id.startsWith("move");
    },
    () => hidden,
  );
  const put = (id, at) => pace.put({ id, "@ts": at });
  put("word", "1");
  put("move1", "2");
  put("score", "2");
  put("move2", "3");
  put("prompt", "4");
  assert.deepEqual(shown, ["word", "move1"]);
  context.mock.timers.tick(SHOWN);
  assert.deepEqual(shown, ["word", "move1", "score", "move2"]);
  hidden = true;
  put("move3", "5");
  assert.deepEqual(shown.slice(4), ["prompt", "move3"]);
  hidden = false;
  put("move4", "6");
  put("end", "7");
  pace.rest();
  assert.deepEqual(shown.slice(6), ["move4", "end"]);
});

/** A view that has heard a beginning, and what a teller says to each later event. */
function match(collections, teller, beginning) {
  const model = new Model(collections);
  const view = { model };
  const { tell, latest } = teller(view);
  let at = 0;
  const hear = (moment) =>
    moment.flatMap(([source, prop, old, value]) => {
      const event = { "@ts": String(at), "@src": source, "@prop": prop };
      if (old !== null) event["@ov"] = old;
      if (value !== null) event["@nv"] = value;
      model.apply(event);
      return tell(event) ?? [];
    });
  hear(beginning);
  return {
    model,
    latest,
    hear(...moment) {
      at += 1;
      return hear(moment);
    },
  };
}

const people = (kind) => [
  ["Game@1", "users", null, `${kind}@1`],
  ["Game@1", "users", null, `${kind}@2`],
  [`${kind}@1`, "user", null, "User@1"],
  [`${kind}@2`, "user", null, "User@2"],
  ["User@1", "nickname", null, "anne"],
  ["User@2", "nickname", null, "bob"],
];

test("Carcassonne tells what was laid, and what points are for", () => {
  const game = match(["users", "fields", "meeplePositions"], carcassonne, [
    ...people("UserAssets"),
    ["Meeple@1", "userAssets", null, "UserAssets@1"],
    ["Field@1", "name", null, "A"],
    ["Field@1", "meeplePositions", null, "MeeplePosition@1"],
    ["MeeplePosition@1", "field", null, "Field@1"],
    ["MeeplePosition@1", "name", null, "2"],
  ]);
  game.hear(["Game@1", "currentPlayer", null, "UserAssets@1"]);
  assert.deepEqual(game.hear(["Game@1", "fields", null, "Field@1"]), ["anne lays a tile."]);
  assert.ok(game.latest.has(game.model.get("Field@1")));
  assert.deepEqual(game.hear(["Meeple@1", "position", null, "MeeplePosition@1"]), ["anne places a follower: abbey."]);
  assert.deepEqual(
    game.hear(
      ["UserAssets@1", "score", "0", "9"],
      ["Meeple@1", "position", "MeeplePosition@1", null],
      ["Game@1", "currentPlayer", "UserAssets@1", null],
      ["Game@1", "currentPlayer", null, "UserAssets@2"],
    ),
    ["anne scores 9 for: abbey (now 9)."],
  );
  assert.ok(game.latest.has(game.model.get("Field@1")));
  game.hear(["Game@1", "currentPlayer", "UserAssets@2", null], ["Game@1", "currentPlayer", null, "UserAssets@1"]);
  assert.equal(game.latest.has(game.model.get("Field@1")), false);
  assert.deepEqual(game.hear(["UserAssets@2", "score", "0", "3"], ["Game@1", "winner", null, "User@1"]), [
    "bob scores 3 for: final scoring (now 3).",
    "anne has won!",
  ]);
});

test("Catan tells dice, cards, buildings and points", () => {
  const game = match(["users"], catan, [
    ...people("UserAssets"),
    ["Game@1", "yellowDie", null, "1"],
    ["Game@1", "redDie", null, "3"],
  ]);
  game.hear(["Game@1", "currentUser", null, "UserAssets@1"]);
  assert.deepEqual(
    game.hear(
      ["Game@1", "yellowDie", "1", "4"],
      ["Game@1", "eventDie", null, "SHIP"],
      ["UserAssets@2", "cardCount", "2", "4"],
      ["Game@1", "phase", "a", "b"],
    ),
    ["anne rolls 4 + 3 = 7. Barbarians", "bob: cards +2."],
  );
  assert.deepEqual(
    game.hear(
      ["UserAssets@1", "cardCount", "5", "1"],
      ["Settlement@1", "userAssets", null, "UserAssets@1"],
      ["Intersection@1", "building", null, "Settlement@1"],
      ["UserAssets@1", "victoryPoints", "2", "3"],
    ),
    ["anne: cards −4.", "anne builds: Settlement.", "anne scores 1 for: Settlement (now 3)."],
  );
  assert.ok(game.latest.has(game.model.get("Intersection@1")));
});
