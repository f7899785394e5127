// Giving somebody a file.

import { h } from "./dom.js";

/** Let the browser save a value as a JSON file. */
export function saveJson(name, value) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(value, null, 1)], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
