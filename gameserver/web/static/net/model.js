// The world of a match, rebuilt from its events alone.

const REFERENCE = /^[A-Za-z]+@[0-9a-f]+$/;

/** Properties of which an object has many; everything else has one value. */
const MANY = new Set([
  // everywhere
  "users",
  // Carcassonne
  "fields",
  "meeplePositions",
  "meeples",
  // Settlers of Catan
  "intersections",
  "borders",
  "cards",
  "progressCards",
  "revealedCards",
  "revealedProgressCards",
  "victoryCards",
  "settlements",
  "cities",
  "roads",
  "knights",
  "cityWalls",
  "metropolises",
  // CreepSmash
  "tiles",
  "cells",
  "waypoints",
  "elements",
  "towers",
  "creepDescriptions",
  "towerDescriptions",
  "value",
]);

export class Model {
  constructor() {
    this.objects = new Map();
    this.root = null;
  }

  /** Take over one event. Knowing something twice changes nothing. */
  apply(event) {
    const { "@src": source, "@prop": prop, "@ov": old, "@nv": value } = event;
    if (!REFERENCE.test(source)) return;
    const object = this.get(source);
    if (!this.root) this.root = object;
    if (MANY.has(prop) || object[prop] instanceof Set) {
      const set = object[prop] instanceof Set ? object[prop] : (object[prop] = new Set());
      if (old !== undefined && value === undefined) set.delete(this.get(old));
      else if (value !== undefined && REFERENCE.test(value)) set.add(this.get(value));
    } else if (value === undefined) {
      if (old === undefined || object[prop]?.id === old || object[prop] === old) object[prop] = null;
    } else {
      object[prop] = REFERENCE.test(value) ? this.get(value) : value;
    }
  }

  get(id) {
    let object = this.objects.get(id);
    if (!object) {
      object = { id, kind: id.slice(0, id.indexOf("@")) };
      this.objects.set(id, object);
    }
    return object;
  }

  /** Everything of one kind, in the order it appeared. */
  all(kind) {
    return [...this.objects.values()].filter((object) => object.kind === kind);
  }
}

/** The elements of a to-many property, whether anything was ever added or not. */
export function many(object, prop) {
  return object?.[prop] instanceof Set ? [...object[prop]] : [];
}

export function isTrue(value) {
  return value === "true";
}
