// What the page of Carcassonne marks as possible, held to what the server's rules allow (see recorded.py).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  claims,
  freePositions,
  layout,
  SIDES,
  spots,
  terrains,
  turns,
} from "../../gameserver/web/static/boards/carcassonne/rules.js";
import { Model } from "../../gameserver/web/static/net/model.js";
import { heard, json, tell } from "./reading.js";

const { collections, moments } = json("data/carcassonne.json");
const STEPS = { NORTH: [0, -1], EAST: [1, 0], SOUTH: [0, 1], WEST: [-1, 0] };

/** The cell beside a laid tile. */
function beside(cells, neighbor, orientation) {
  const { x, y } = [...cells.values()].find(({ field }) => field.id === neighbor);
  return `${x + STEPS[orientation][0]},${y + STEPS[orientation][1]}`;
}

test("at every step of a game exactly what is allowed is marked", () => {
  const model = new Model(collections);
  const seen = { PLACE_CARD: 0, PLACE_MEEPLE: 0 };
  for (const { events, allowed } of moments) {
    tell(model, events);
    const cells = layout(model);
    const field = model.root.currentField;
    const action = field.game ? "PLACE_MEEPLE" : "PLACE_CARD";
    const commands = allowed.filter(([name]) => name === action).map(([, given]) => given);
    if (field.game) {
      const names = freePositions(cells, field).map(({ name }) => name);
      assert.deepEqual(names.sort(), commands.map(({ position }) => position).sort());
    } else {
      const expected = new Set(
        commands.map(({ neighbor, orientation, rotation }) => `${beside(cells, neighbor, orientation)} ${rotation}`),
      );
      const found = spots(cells, field.name).flatMap(({ x, y, rotations, neighbor, orientation }) => {
        assert.equal(beside(cells, neighbor, orientation), `${x},${y}`);
        return rotations.map((rotation) => `${x},${y} R${90 * rotation}`);
      });
      assert.deepEqual(found.sort(), [...expected].sort());
    }
    seen[action] += 1;
  }
  assert.ok(seen.PLACE_CARD >= 12 && seen.PLACE_MEEPLE >= 6, JSON.stringify(seen));
});

test("nothing lies on the table before the first tile is told", () => {
  assert.equal(layout(heard(collections, [["CarcassonneGame@1", "name", null, "x"]])).size, 0);
});

test("a tile turns clockwise", () => {
  assert.deepEqual(terrains("D", 0), ["city", "road", "meadow", "road"]);
  assert.deepEqual(terrains("D", 1), ["road", "city", "road", "meadow"]);
  assert.deepEqual(SIDES, ["NORTH", "EAST", "SOUTH", "WEST"]);
  assert.deepEqual(
    ["R0", "R90", "R180", "R270", undefined].map((rotation) => turns({ rotation })),
    [0, 1, 2, 3, 0],
  );
});

test("at the end every open feature is known with its tiles, owners and points", () => {
  const { collections: kinds, events, awards } = json("data/carcassonne_end.json");
  const found = claims(layout(heard(kinds, events))).flatMap(({ terrain, tiles, owners, points }) =>
    owners.map(({ id }) => [id, terrain, points, tiles]),
  );
  const given = awards.filter(([, , points]) => points > 0);
  assert.ok(new Set(given.map(([, terrain]) => terrain)).size >= 3, JSON.stringify(given));
  const left = found.map((one) => JSON.stringify(one));
  for (const [id, terrain, points, tiles] of given) {
    const wanted = JSON.stringify([id, terrain, terrain === "meadow" ? null : points, tiles]);
    const index = left.indexOf(wanted);
    assert.ok(index >= 0, `${wanted} is not among ${left.join(" ")}`);
    left.splice(index, 1);
  }
  // What is left is worth nothing.
  assert.ok(left.every((one) => JSON.parse(one)[1] === "meadow"));
});
