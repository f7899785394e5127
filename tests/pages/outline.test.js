// The outline of a game's objects: what stands where, what it is called, and what an argument may mean.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brief,
  isAsked,
  label,
  places,
  properties,
  suggestions,
  words,
} from "../../gameserver/web/static/boards/generic/outline.js";
import { heard, tell } from "./reading.js";

const COLLECTIONS = ["users", "heaps"];

/** A small game: two heaps, one player, and a reference to each of them. */
function nim() {
  return heard(COLLECTIONS, [
    ["Nim@1", "lastHeap", null, "Heap@b"],
    ["Nim@1", "users", null, "UserAssets@a"],
    ["Nim@1", "heaps", null, "Heap@a"],
    ["Nim@1", "heaps", null, "Heap@b"],
    ["Nim@1", "table", null, "Table@1"],
    ["Heap@a", "size", null, "3"],
    ["Heap@b", "size", null, "5"],
    ["UserAssets@a", "user", null, "User@1"],
    ["UserAssets@a", "game", null, "Nim@1"],
    ["User@1", "nickname", null, "anne"],
    ["Table@1", "owner", null, "User@1"],
  ]);
}

/** Where everything stands, as {id: "owner's id.property"}. */
function standing(model) {
  return Object.fromEntries(
    [...places(model.root)].map(([object, place]) => [object.id, place && `${place.owner.id}.${place.name}`]),
  );
}

test("everything has one place: in a collection if one has it, else at the first reference", () => {
  assert.deepEqual(standing(nim()), {
    "Nim@1": null,
    "UserAssets@a": "Nim@1.users",
    "Heap@a": "Nim@1.heaps",
    "Heap@b": "Nim@1.heaps",
    "Table@1": "Nim@1.table",
    "User@1": "UserAssets@a.user",
  });
});

test("who has won stays where they were while they play", () => {
  const model = tell(nim(), [["Nim@1", "winner", null, "User@1"]]);
  assert.equal(standing(model)["User@1"], "UserAssets@a.user");
  tell(model, [
    ["Nim@1", "users", "UserAssets@a"],
    ["Nim@1", "table", "Table@1"],
  ]);
  assert.equal(standing(model)["User@1"], "Nim@1.winner");
});

test("what nothing leads to any more has no place", () => {
  const model = tell(nim(), [
    ["Nim@1", "heaps", "Heap@a"],
    ["Nim@1", "heaps", "Heap@b"],
  ]);
  const found = standing(model);
  assert.equal("Heap@a" in found, false);
  assert.equal(found["Heap@b"], "Nim@1.lastHeap");
});

test("collections behind a reference have their members, before a later reference takes them", () => {
  const model = heard(COLLECTIONS, [
    ["Nim@1", "board", null, "Board@1"],
    ["Nim@1", "first", null, "Heap@a"],
    ["Board@1", "heaps", null, "Heap@a"],
  ]);
  assert.equal(standing(model)["Heap@a"], "Board@1.heaps");
});

test("objects that lead to each other end nowhere else", () => {
  const model = heard(COLLECTIONS, [
    ["Nim@1", "left", null, "Heap@a"],
    ["Heap@a", "next", null, "Heap@b"],
    ["Heap@b", "next", null, "Heap@a"],
    ["Heap@b", "game", null, "Nim@1"],
  ]);
  assert.deepEqual(standing(model), { "Nim@1": null, "Heap@a": "Nim@1.left", "Heap@b": "Heap@a.next" });
});

test("an object is called by its kind and its name, or that of its person", () => {
  const model = tell(nim(), [["Heap@a", "name", null, "left"]]);
  assert.equal(label(model.get("Heap@a")), "Heap left");
  assert.equal(label(model.get("Heap@b")), "Heap");
  assert.equal(label(model.get("UserAssets@a")), "UserAssets anne");
  assert.equal(label(model.get("User@1")), "User anne");
});

test("in brief: the first few plain values, long ones cut", () => {
  const long = "x".repeat(40);
  const model = heard(
    [],
    [
      ["Heap@1", "name", null, "left"],
      ["Heap@1", "size", null, "3"],
      ["Heap@1", "game", null, "Nim@1"],
      ["Heap@1", "note", null, long],
      ["Heap@1", "gone", "1"],
      ["Heap@1", "color", null, "FF0000"],
      ["Heap@1", "a", null, "1"],
      ["Heap@1", "b", null, "2"],
      ["Heap@1", "c", null, "3"],
    ],
  );
  assert.equal(brief(model.root), `size 3 · note ${"x".repeat(24)}… · color FF0000 · a 1`);
  assert.equal(brief(model.root, ["color", "note"]), "size 3 · a 1 · b 2 · c 3");
});

test("the properties are those of the game", () => {
  const model = heard([], [["Heap@1", "size", null, "3"]]);
  assert.deepEqual(properties(model.root), [["size", "3"]]);
});

test("a prompt asks for the action it is called like", () => {
  assert.equal(isAsked("placeCard", "PLACE_CARD"), true);
  assert.equal(isAsked("choose(Field:Field@1)", "CHOOSE"), true);
  assert.equal(isAsked("take", "TAKE_ALL"), false);
  assert.equal(isAsked(null, "TAKE"), false);
  assert.equal(words("PLACE_CARD"), "Place card");
});

test("an argument may mean what the prompt lists, or what is called like it", () => {
  const view = { model: nim(), prompt: null, choice: null };
  assert.deepEqual(suggestions(view, "TAKE", "count"), []);
  assert.deepEqual(suggestions(view, "TAKE", "heap"), [
    ["Heap@b", "Heap · size 5"],
    ["Heap@a", "Heap · size 3"],
  ]);
  view.prompt = "choose(Good:ORE,WOOL)";
  view.choice = { kind: "Good", options: ["ORE", "WOOL"] };
  assert.deepEqual(suggestions(view, "CHOOSE", "id"), [
    ["ORE", "ORE"],
    ["WOOL", "WOOL"],
  ]);
  assert.deepEqual(suggestions(view, "TAKE", "id"), []);
});
