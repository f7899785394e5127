// The world of a match as the pages rebuild it from events.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isTrue, many, Model } from "../../gameserver/web/static/net/model.js";
import { event, heard, tell } from "./reading.js";

test("the first object that is told of is the root", () => {
  const model = heard(["users"], [["Game@1", "name", null, "table"]]);
  assert.equal(model.root.id, "Game@1");
  assert.equal(model.root.kind, "Game");
  assert.equal(model.root.name, "table");
});

test("a reference leads to the object, whether it has been told of or not", () => {
  const model = heard([], [["Game@1", "winner", null, "User@2"]]);
  assert.equal(model.root.winner, model.get("User@2"));
  tell(model, [["User@2", "nickname", null, "anne"]]);
  assert.equal(model.root.winner.nickname, "anne");
});

test("a collection takes in and gives up objects, each once, in the order they came", () => {
  const model = heard(
    ["users"],
    [
      ["Game@1", "users", null, "UserAssets@a"],
      ["Game@1", "users", null, "UserAssets@b"],
      ["Game@1", "users", null, "UserAssets@a"],
    ],
  );
  const names = () => many(model.root, "users").map(({ id }) => id);
  assert.deepEqual(names(), ["UserAssets@a", "UserAssets@b"]);
  tell(model, [["Game@1", "users", "UserAssets@a"]]);
  assert.deepEqual(names(), ["UserAssets@b"]);
});

test("a collection of which nothing is in it has no members", () => {
  const model = heard(["users"], [["Game@1", "users"]]);
  assert.deepEqual(many(model.root, "users"), []);
  assert.deepEqual(many(model.root, "never heard of"), []);
  assert.deepEqual(many(null, "users"), []);
});

test("the same name is a collection only where the season says so", () => {
  const model = heard([], [["Game@1", "users", null, "UserAssets@a"]]);
  assert.equal(model.root.users, model.get("UserAssets@a"));
});

test("a removal that comes late does not take away what came after it", () => {
  const model = heard(
    [],
    [
      ["Field@1", "robber", null, "Robber@1"],
      ["Field@1", "robber", null, "Robber@2"],
      ["Field@1", "robber", "Robber@1"],
    ],
  );
  assert.equal(model.root.robber, model.get("Robber@2"));
  tell(model, [["Field@1", "robber", "Robber@2"]]);
  assert.equal(model.root.robber, null);
});

test("a plain value is replaced, and gone when it is taken back", () => {
  const model = heard([], [["Game@1", "round", "1", "2"]]);
  assert.equal(model.root.round, "2");
  tell(model, [["Game@1", "round", "2"]]);
  assert.equal(model.root.round, null);
});

test("what has no object as its source changes nothing", () => {
  const model = new Model([]);
  model.apply(event("SERVER", "USER_MESSAGE", null, "OK - drawCard"));
  model.apply(event("anne", "PUBLIC_MESSAGE", null, "hello"));
  assert.equal(model.root, null);
  assert.equal(model.objects.size, 0);
});

test("properties of a game do not hide what an object is", () => {
  const model = heard(
    [],
    [
      ["Heap@1", "kind", null, "left"],
      ["Heap@1", "id", null, "7"],
      ["Heap@1", "__proto__", null, "Heap@2"],
    ],
  );
  const { id, kind, id_: own, kind_: side } = model.root;
  assert.deepEqual([id, kind, own, side], ["Heap@1", "Heap", "7", "left"]);
  assert.equal(Object.getPrototypeOf(model.root), Object.prototype);
});

test("changes are told, but not what the first moment says", () => {
  const model = new Model(["users"]);
  const told = [];
  model.onchange = (object, name) => told.push([object.id, name]);
  const at = (moment, ...rest) => model.apply({ ...event(...rest), "@ts": moment });
  at("1", "Game@1", "users", null, "UserAssets@a");
  at("1", "UserAssets@a", "score", null, "0");
  assert.deepEqual(told, []);
  at("2", "UserAssets@a", "score", "0", "3");
  at("3", "Game@1", "users", "UserAssets@a");
  assert.deepEqual(told, [
    ["UserAssets@a", "score"],
    ["Game@1", "users"],
  ]);
});

test("the names of classes may have digits and underscores", () => {
  const model = heard([], [["Game2@1f", "next_heap", null, "Heap_3@0"]]);
  assert.equal(model.root.next_heap, model.get("Heap_3@0"));
  assert.equal(model.root.next_heap.kind, "Heap_3");
});

test("truth is a word", () => {
  assert.equal(isTrue("true"), true);
  for (const value of ["false", "", null, undefined]) assert.equal(isTrue(value), false);
});
