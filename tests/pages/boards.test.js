// What all boards have in common: moving, enlarging, and going from place to place.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";

const { scaled, unitsPerPixel } = await import("../../gameserver/web/static/boards/pan_zoom.js");
const { next } = await import("../../gameserver/web/static/boards/walk.js");
const { shapeOf } = await import("../../gameserver/web/static/boards/marks.js");

test("enlarging keeps the point under the pointer where it is", () => {
  assert.deepEqual(scaled([0, 0, 100, 50], [0, 0, 100, 50], 0.5, 20, 10), [10, 5, 50, 25]);
});

test("nobody loses the drawing by enlarging it without end", () => {
  const home = [0, 0, 120, 60];
  let box = home;
  for (let turn = 0; turn < 50; turn += 1) box = scaled(box, home, 0.5, 60, 30);
  assert.ok(Math.abs(box[2] - 10) < 1e-9);
  for (let turn = 0; turn < 50; turn += 1) box = scaled(box, home, 2, 60, 30);
  assert.ok(Math.abs(box[2] - 240) < 1e-9);
});

test("a pixel is as many units as the tighter side says, so that the drawing goes with the finger", () => {
  assert.equal(unitsPerPixel([0, 0, 100, 100], 200, 50), 2);
  assert.equal(unitsPerPixel([0, 0, 100, 100], 50, 400), 2);
});

test("arrow keys go to the next place that way, the straighter one of two that are as near", () => {
  const places = [
    { x: 10, y: 0 },
    { x: 10, y: 6 },
    { x: 0, y: 20 },
    { x: -30, y: 1 },
  ];
  const from = { x: 0, y: 0 };
  assert.equal(next(places, from, [1, 0]), places[0]);
  assert.equal(next(places, from, [0, 1]), places[2]);
  assert.equal(next(places, from, [-1, 0]), places[3]);
  assert.equal(next(places, from, [0, -1]), null);
});

test("every player has a shape of their own", () => {
  const players = [{}, {}, {}, {}, {}];
  assert.equal(new Set(players.map((player) => shapeOf(player, players))).size, 5);
  assert.equal(shapeOf({}, players), "");
});
