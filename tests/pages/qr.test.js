// QR codes beside those that another program has made of the same texts (data/qr.json: rows in hex, dark as 1).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { qr } from "../../gameserver/web/static/qr.js";

const codes = JSON.parse(readFileSync(new URL("./data/qr.json", import.meta.url), "utf8"));

/** A row as four modules a digit, filled up with light ones. */
function hex(row) {
  const bits = row.map(Number).join("");
  const digits = bits.padEnd(4 * Math.ceil(bits.length / 4), "0").match(/.{4}/g);
  return digits.map((four) => parseInt(four, 2).toString(16)).join("");
}

for (const { text, rows } of codes) {
  test(`a code of ${rows.length} modules a side`, () => {
    assert.deepEqual(qr(text).map(hex), rows);
  });
}

test("a longer text takes a larger code, up to a limit", () => {
  assert.equal(qr("x".repeat(14)).length, 21);
  assert.equal(qr("x".repeat(15)).length, 25);
  assert.equal(qr("ä".repeat(333)).length, 97);
  assert.throws(() => qr("x".repeat(667)), RangeError);
});
