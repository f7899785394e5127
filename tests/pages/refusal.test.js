// What is refused is said in the reader's words where there are some.

import assert from "node:assert/strict";
import test from "node:test";

import { refusal, speak, unreachable } from "../../gameserver/web/static/net/refusal.js";

test("without texts it is the server's sentence, and always with its code", () => {
  const error = refusal("no_game", "There is no such game.");
  assert.deepEqual([error.message, error.code], ["There is no such game.", "no_game"]);
  assert.equal(unreachable().unreachable, true);
});

test("with texts it is theirs, and the server's for a code that has none", () => {
  const texts = { no_game: "Kein Spiel.", unreachable: "Niemand da." };
  speak((code, sentence) => texts[code] ?? sentence);
  assert.equal(refusal("no_game", "There is no such game.").message, "Kein Spiel.");
  assert.equal(refusal("odd", "Something odd.").message, "Something odd.");
  assert.equal(refusal(undefined, "Something odd.").message, "Something odd.");
  assert.equal(unreachable().message, "Niemand da.");
  speak((code, sentence) => sentence);
});
