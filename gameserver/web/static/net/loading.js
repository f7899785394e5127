// Modules over a bad line: loaded before they are needed, and tried again when that fails.

import { pause } from "./returning.js";

/** Tries to load a module before the page itself is loaded anew. */
const TRIES = 6;

/** Where a browser keeps that a page has been loaded anew for a module, so that it happens once. */
const KEY = "gameserver.loaded-again";

/** The module that `load` imports. */
export async function loaded(load) {
  for (let failed = 0; ; failed += 1) {
    try {
      const module = await load();
      sessionStorage.removeItem(KEY);
      return module;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (failed >= TRIES) return again(error);
      await new Promise((resolve) => setTimeout(resolve, pause(failed)));
      await thereAgain();
    }
  }
}

/** Until the server answers. */
async function thereAgain() {
  for (let failed = 0; ; failed += 1) {
    const { ok } = await fetch("/healthz", { cache: "no-store" }).catch(() => ({ ok: false }));
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, pause(failed)));
  }
}

/** Some browsers remember for the life of a page that a module could not be had. */
function again(error) {
  if (sessionStorage.getItem(KEY)) throw error;
  sessionStorage.setItem(KEY, "yes");
  location.reload();
  return new Promise(() => {});
}

/** Fetch modules while nothing else is to be done; nobody waits for them, and a failure is none. */
export function preload(loads) {
  const soon = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1000));
  soon(async () => {
    for (const load of loads) await load().catch(() => {});
  });
}
