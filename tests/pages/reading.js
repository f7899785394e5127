// What the tests share: files beside them, and a model that has heard some events.

import { readFileSync } from "node:fs";
import { Model } from "../../gameserver/web/static/net/model.js";

/** The content of a JSON file, its path relative to this folder. */
export function json(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));
}

/** An event as the server tells it. */
export function event(source, prop, old, value) {
  const told = { "@ts": "0", "@src": source, "@prop": prop };
  if (old !== null && old !== undefined) told["@ov"] = old;
  if (value !== null && value !== undefined) told["@nv"] = value;
  return told;
}

/** Tell a model events that are given as lists: source, property, old and new value. Returns the model. */
export function tell(model, events) {
  for (const one of events) model.apply(event(...one));
  return model;
}

/** A model that has heard some events. */
export function heard(collections, events) {
  return tell(new Model(collections), events);
}
