// What a match page makes of the server's sentences: prompts, choices, remarks, refusals.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { View } from "../../gameserver/web/static/pages/view.js";
import { event } from "./reading.js";

let view;
let sent;

beforeEach(() => {
  sent = [];
  view = new View(
    { collections: ["users"] },
    "anne",
    (...command) => sent.push(command),
    () => {},
  );
  for (const told of [
    ["Game@1", "users", null, "UserAssets@a"],
    ["Game@1", "users", null, "UserAssets@b"],
    ["Game@1", "running", "false", "true"],
    ["UserAssets@a", "user", null, "User@1"],
    ["User@1", "nickname", null, "anne"],
    ["UserAssets@a", "visitor", null, "false"],
  ]) {
    view.take(event(...told));
  }
});

const say = (text) => view.take(event("SERVER", "USER_MESSAGE", null, text));

test("a player finds their own seat, a visitor has none", () => {
  assert.equal(view.me().id, "UserAssets@a");
  assert.equal(view.visitor(), false);
  view.take(event("UserAssets@a", "visitor", "false", "true"));
  assert.equal(view.visitor(), true);
  view.name = "nobody";
  assert.equal(view.me(), null);
  assert.equal(view.visitor(), true);
});

test("a prompt makes it this seat's turn, until it is somebody else's", () => {
  assert.equal(view.myTurn(), false);
  assert.equal(say("OK - drawCard"), null);
  assert.equal(view.prompt, "drawCard");
  assert.equal(view.myTurn(), true);
  view.take(event("Game@1", "currentPlayer", null, "UserAssets@a"));
  assert.equal(view.myTurn(), true);
  view.take(event("Game@1", "currentPlayer", null, "UserAssets@b"));
  assert.equal(view.myTurn(), false);
});

test("the end of the game ends the prompt", () => {
  say("OK - drawCard");
  view.take(event("Game@1", "running", "true", "false"));
  assert.equal(view.prompt, null);
});

test("a game is over when it has been won and does not run any more", () => {
  view.take(event("Game@1", "winner", null, "User@1"));
  assert.equal(view.over(), false);
  view.take(event("Game@1", "running", "true", "false"));
  assert.equal(view.over(), true);
});

test("a choice has a kind and its options; other values belong to the prompt", () => {
  say("OK - choose(Field:Field@1,Field@2)");
  assert.deepEqual(view.choice, { kind: "Field", options: ["Field@1", "Field@2"] });
  say("OK - take(3)");
  assert.equal(view.choice, null);
  assert.equal(view.prompt, "take(3)");
});

test("what was refused is still to be chosen", () => {
  say("OK - choose(Field:Field@1)");
  view.act("CHOOSE", { id: "Field@9" });
  assert.deepEqual(sent, [["CHOOSE", { id: "Field@9" }]]);
  assert.equal(view.choice, null);
  assert.equal(say("ERROR: choose - that is none of them"), "⚠ choose - that is none of them");
  assert.deepEqual(view.choice.options, ["Field@1"]);
});

test("a remark is told, and says whether the next prompt may be declined", () => {
  assert.equal(say("road - one more, or END_PLAY"), "road - one more, or END_PLAY");
  say("OK - choose(Border:Border@1)");
  assert.equal(view.optional, true);
  view.act("CHOOSE", { id: "Border@1" });
  say("OK - endTurn");
  assert.equal(view.optional, false);
});

test("what people say is told with their names and is no change of the game", () => {
  assert.equal(view.take(event("bob", "PUBLIC_MESSAGE", null, "hello")), "bob: hello");
  assert.equal(view.take(event("Note@1", "MESSAGE", null, "a property")), null);
  assert.equal(view.model.get("Note@1").MESSAGE, "a property");
});
