// What is read from the pieces of a Techmino round, with those of real clients.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bySecond, happened, LONGEST } from "../../gameserver/web/static/net/techmino_stream.js";

test("idle frames pass the time, and a hard drop is a key down and up", () => {
  assert.deepEqual(happened(["CQAAAAAA", "CAYAJgAA"]), {
    found: [
      [17, 6],
      [17, 38],
    ],
    frame: 17,
  });
});

test("the first generation's pieces end as Base64 does", () => {
  assert.deepEqual(happened(["EgA=", "EgY="]), { found: [[36, 6]], frame: 36 });
});

test("numbers of more than seven bits, over the border of two pieces", () => {
  // 129 frames, event 300.
  assert.deepEqual(happened([btoa("\x81"), btoa("\x01\x82\x2c")]), { found: [[129, 300]], frame: 129 });
});

test("counted by the second", () => {
  assert.deepEqual(bySecond([btoa("\x3c\x06\x01\x26\x00\x82\x2c")]), [
    { keys: 0, drops: 0, attacks: 0 },
    { keys: 1, drops: 1, attacks: 0 },
    { keys: 1, drops: 1, attacks: 1 },
  ]);
});

test("what is no piece is passed over", () => {
  assert.deepEqual(happened(["?", "CAYAJgAA"]).found.length, 2);
  assert.deepEqual(bySecond([]), [{ keys: 0, drops: 0, attacks: 0 }]);
  assert.equal(bySecond([btoa("\xff\xff\xff\xff\x7f\x00")]).length, LONGEST + 1);
});
