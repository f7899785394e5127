// The island of Catan on the page: where everything lies, and where the server's rules let whom build and ride.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dealings } from "../../gameserver/web/static/boards/catan/dealings.js";
import { CORNERS, layout, SIZE } from "../../gameserver/web/static/boards/catan/geometry.js";
import { canPay, COSTS, hand, places, rides } from "../../gameserver/web/static/boards/catan/rules.js";
import { many } from "../../gameserver/web/static/net/model.js";
import { heard, json } from "./reading.js";

const { collections, events, players } = json("data/catan.json");
const model = heard(collections, events);
const island = layout(model.root.map);

const distance = ([x, y], [a, b]) => Math.hypot(x - a, y - b);
const close = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);
const ids = (objects) => objects.map(({ id }) => id).sort();

test("every field, corner and border of the map has its place, and no two have the same", () => {
  const fields = many(model.root.map, "fields");
  assert.equal(island.fields.size, fields.length);
  const corners = new Set(fields.flatMap((field) => many(field, "intersections")));
  const borders = new Set(fields.flatMap((field) => many(field, "borders")));
  assert.deepEqual(ids([...island.intersections.keys()]), ids([...corners]));
  assert.deepEqual(ids([...island.borders.keys()]), ids([...borders]));
  for (const points of [island.fields, island.intersections]) {
    const rounded = new Set([...points.values()].map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`));
    assert.equal(rounded.size, points.size);
  }
});

test("a corner is one side away from the middle of each of its fields, whichever field gave it its place", () => {
  for (const [field, middle] of island.fields) {
    for (const corner of many(field, "intersections")) {
      close(distance(island.intersections.get(corner), middle), SIZE);
    }
  }
});

test("a city on its side is built up before any other settlement", () => {
  const player = { settlements: new Set() };
  const settled = (onItsSide) => {
    const building = { kind: "Settlement", userAssets: player, onItsSide };
    player.settlements.add(building);
    return { building };
  };
  const [one, two] = [settled("false"), settled("false")];
  const built = (...spots) => places({ intersections: new Map(spots.map((spot) => [spot, [0, 0]])) }, player, "City");
  assert.deepEqual(built(one, two), [one, two]);
  const lying = settled("true");
  assert.deepEqual(built(one, two, lying), [lying]);
});

test("a border is one side long", () => {
  for (const [from, to] of island.borders.values()) close(distance(from, to), SIZE);
});

test("fields that are neighbours lie side by side", () => {
  let pairs = 0;
  for (const [field, middle] of island.fields) {
    const next = field.southEast;
    if (!next) continue;
    pairs += 1;
    const [x, y] = island.fields.get(next);
    close(x - middle[0], 1.5 * SIZE);
    close(y - middle[1], (Math.sqrt(3) / 2) * SIZE);
  }
  assert.ok(pairs > 10);
});

test("the corners of a hexagon go round clockwise from the upper right", () => {
  assert.equal(CORNERS.length, 6);
  const [[x, y]] = CORNERS;
  assert.ok(x > 0 && y < 0);
  CORNERS.forEach((corner, index) => close(distance(corner, CORNERS[(index + 1) % 6]), SIZE));
});

test("a map of which nothing is known yet is empty", () => {
  const { fields, intersections, borders } = layout(undefined);
  assert.deepEqual([fields.size, intersections.size, borders.size], [0, 0, 0]);
});

for (const piece of Object.keys(COSTS)) {
  test(`the marked places for a ${piece} are those that the rules allow`, () => {
    let marked = 0;
    for (const [id, allowed] of Object.entries(players)) {
      const found = ids(places(island, model.get(id), piece));
      assert.deepEqual(found, [...allowed.places[piece]].sort());
      marked += found.length;
    }
    assert.ok(marked > 0, "nobody may build one: the recording shows nothing");
  });
}

test("a knight rides where the rules let it, and not while it is inactive", () => {
  let marked = 0;
  for (const { rides: allowed } of Object.values(players)) {
    for (const [id, targets] of Object.entries(allowed)) {
      const knight = model.get(id);
      assert.deepEqual(ids(rides(knight)), [...targets].sort());
      assert.deepEqual(rides({ ...knight, active: "false" }), []);
      marked += targets.length;
    }
  }
  assert.ok(marked > 0, "no knight may ride: the recording shows nothing");
});

test("who can pay what", () => {
  const cards = ["ORE", "ORE", "ORE", "GRAIN"].map((type) => ({ type }));
  const player = { cards: new Set(cards) };
  assert.deepEqual([hand(player).ORE, hand(player).GRAIN, hand(player).WOOL], [3, 1, 0]);
  assert.equal(canPay(player, COSTS.City), false);
  player.cards.add({ type: "GRAIN" });
  assert.equal(canPay(player, COSTS.City), true);
  assert.equal(canPay(player, COSTS.Road), false);
});

test("cards that come and go in one moment are a trade, a theft, or just cards", () => {
  const found = (...cards) => dealings(cards).map(({ key, player, other, count }) => [key, player, other, count]);
  assert.deepEqual(found(["anne", { lost: 4, won: 1 }]), [["trades", "anne", undefined, 4]]);
  assert.deepEqual(found(["anne", { lost: 1, won: 0 }], ["bob", { lost: 0, won: 1 }]), [
    ["steals", "bob", "anne", 1],
  ]);
  assert.deepEqual(found(["anne", { lost: 0, won: 3 }], ["bob", { lost: 2, won: 0 }]), [
    ["gets", "anne", undefined, 3],
    ["gives", "bob", undefined, 2],
  ]);
  assert.deepEqual(found(["anne", { lost: 1, won: 1 }]), []);
});
