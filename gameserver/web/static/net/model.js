// The world of a match, rebuilt from its events alone.

const REFERENCE = /^[A-Za-z]\w*@[0-9a-f]+$/;

/** What an object has from us. A property of a game that is called the same is kept with an underscore behind it. */
const OURS = new Set(["id", "kind", "__proto__"]);

export class Model {
  /** `collections` are the properties of which an object has many values; all others have one. */
  constructor(collections) {
    this.collections = new Set(collections);
    this.objects = new Map();
    this.root = null;
    /** Told of every change after the first moment, which only says what there is: (object, name of the property). */
    this.onchange = () => {};
    this.began = null;
  }

  /** Take over one event. Knowing something twice changes nothing. */
  apply(event) {
    const { "@src": source, "@ov": old, "@nv": value } = event;
    const prop = OURS.has(event["@prop"]) ? `${event["@prop"]}_` : event["@prop"];
    if (!REFERENCE.test(source)) return;
    const object = this.get(source);
    if (!this.root) {
      this.root = object;
      this.began = event["@ts"];
    }
    if (this.collections.has(prop)) {
      const set = object[prop] instanceof Set ? object[prop] : (object[prop] = new Set());
      if (old !== undefined && value === undefined) set.delete(this.get(old));
      else if (value !== undefined && REFERENCE.test(value)) set.add(this.get(value));
    } else if (value === undefined) {
      if (old === undefined || object[prop]?.id === old || object[prop] === old) object[prop] = null;
    } else {
      object[prop] = REFERENCE.test(value) ? this.get(value) : value;
    }
    if (event["@ts"] !== this.began) this.onchange(object, prop);
  }

  get(id) {
    let object = this.objects.get(id);
    if (!object) {
      object = { id, kind: id.slice(0, id.indexOf("@")) };
      this.objects.set(id, object);
    }
    return object;
  }
}

/** The elements of a to-many property, whether anything was ever added or not. */
export function many(object, prop) {
  return object?.[prop] instanceof Set ? [...object[prop]] : [];
}

export function isTrue(value) {
  return value === "true";
}
