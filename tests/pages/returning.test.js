// Coming back after a lost connection, and modules over a bad line.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const page = Object.assign(new EventTarget(), { hidden: false });
globalThis.document = page;
globalThis.addEventListener = (...heard) => page.addEventListener(...heard);
globalThis.removeEventListener = (...heard) => page.removeEventListener(...heard);
const kept = new Map();
globalThis.sessionStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
let reloads = 0;
globalThis.location = { reload: () => (reloads += 1) };
globalThis.fetch = async () => ({ ok: true });
const { mayReturn, pause, Returning, why } = await import("../../gameserver/web/static/net/returning.js");
const { loaded } = await import("../../gameserver/web/static/net/loading.js");

const away = () => Promise.reject(Object.assign(new Error("no connection"), { unreachable: true }));
const soon = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

beforeEach(() => {
  kept.clear();
  reloads = 0;
});

test("only a kick, a ban and one's own other window keep a page out", () => {
  const out = [1000, 1001, 1006, 1008, 1012, 4000, 4001, 4002, 4003, 4004].filter((code) => !mayReturn(why(code)));
  assert.deepEqual(out, [4000, 4001, 4002, 4004]);
});

test("pauses grow up to a limit", () => {
  const pauses = [0, 1, 2, 3, 4, 5, 20].map((failed) => pause(failed, 0.5));
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 15000, 15000]);
  assert.ok(pause(3, 0) < pause(3, 1));
});

test("it tries until it succeeds", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let tries = 0;
  const told = [];
  const work = () => {
    tries += 1;
    return tries < 3 ? away() : Promise.resolve();
  };
  const returning = new Returning(work, { waiting: (seconds) => told.push(seconds), refused: assert.fail });
  for (let round = 0; round < 5; round += 1) {
    context.mock.timers.tick(20000);
    await soon();
  }
  assert.equal(tries, 3);
  assert.equal(told.length, 3);
  assert.equal(returning.ended, true);
});

test("a network that is back, or a page that is looked at again, does not wait", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let tries = 0;
  const work = () => {
    tries += 1;
    return away();
  };
  const returning = new Returning(work, { waiting: () => {}, refused: assert.fail });
  page.dispatchEvent(new Event("online"));
  await soon();
  assert.equal(tries, 1);
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  await soon();
  assert.equal(tries, 1);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await soon();
  assert.equal(tries, 2);
  returning.end();
  page.dispatchEvent(new Event("online"));
  await soon();
  assert.equal(tries, 2);
});

test("a refusal ends the tries", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const refusals = [];
  const work = () => Promise.reject(new Error("There is no game x."));
  const returning = new Returning(work, { waiting: () => {}, refused: ({ message }) => refusals.push(message) });
  returning.hurry();
  await soon();
  assert.deepEqual(refusals, ["There is no game x."]);
  context.mock.timers.tick(60000);
  await soon();
  assert.equal(refusals.length, 1);
});

test("a module that could not be fetched is tried again, a broken one is not", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let tries = 0;
  const module = loaded(async () => {
    tries += 1;
    if (tries < 3) throw new TypeError("Failed to fetch dynamically imported module");
    return "module";
  });
  for (let round = 0; round < 6; round += 1) {
    await soon();
    context.mock.timers.tick(20000);
  }
  assert.equal(await module, "module");
  await assert.rejects(
    loaded(() => Promise.reject(new SyntaxError("broken"))),
    SyntaxError,
  );
  assert.equal(reloads, 0);
});

test("a module that cannot be had at all makes the page load anew, once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const never = () => Promise.reject(new TypeError("Failed to fetch"));
  const rounds = async () => {
    for (let round = 0; round < 12; round += 1) {
      await soon();
      context.mock.timers.tick(20000);
    }
  };
  loaded(never);
  await rounds();
  assert.equal(reloads, 1);
  const second = loaded(never);
  second.catch(() => {});
  await rounds();
  await assert.rejects(second, TypeError);
  assert.equal(reloads, 1);
});
