// The objects of a game as an outline: what each shows of itself, and the one place where each is shown.

/** How many objects are offered for an argument at most. */
const OFFERED = 100;

/** How many values stand beside the name of an object that is folded up, and how long each may be. */
const BRIEF = 4;
const LONGEST = 24;

export function isObject(value) {
  return typeof value === "object" && value !== null && !(value instanceof Set);
}

/** The properties of an object as [name, value]; the value is a text, an object, a Set of objects, or null. */
export function properties(object) {
  return Object.entries(object).filter(([name]) => name !== "id" && name !== "kind");
}

/** What an object is called: its kind, and the name that it or the person behind it has. */
export function label(object) {
  const name = object.name ?? object.nickname ?? object.user?.nickname;
  return typeof name === "string" && name ? `${object.kind} ${name}` : object.kind;
}

/** The first plain values of an object in one line, but for its name and what else is told otherwise. */
export function brief(object, told = []) {
  const elsewhere = new Set(["name", "nickname", ...told]);
  return properties(object)
    .filter(([name, value]) => typeof value === "string" && value && !elsewhere.has(name))
    .slice(0, BRIEF)
    .map(([name, value]) => `${name} ${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}`)
    .join(" · ");
}

/**
 * Where each object is shown: a map from object to {owner, name}, the property of the owner that it stands under; null
 * for the root. Objects stand in the collections that have them; what is in none, at the first reference to it.
 * Wherever else an object is named there is a link to its place. What nothing leads to is not in the map.
 */
export function places(root) {
  // A map can be walked through while it grows.
  const found = new Map([[root, null]]);
  const put = (object, owner, name) => found.has(object) || found.set(object, { owner, name });
  const walked = new Set();
  function walkCollections() {
    for (const owner of found.keys()) {
      if (walked.has(owner)) continue;
      walked.add(owner);
      for (const [name, value] of properties(owner)) {
        if (value instanceof Set) value.forEach((member) => put(member, owner, name));
      }
    }
  }
  function walkReferences(except) {
    for (const owner of found.keys()) {
      for (const [name, value] of properties(owner)) {
        if (!isObject(value) || found.has(value) || name === except) continue;
        put(value, owner, name);
        walkCollections();
      }
    }
  }
  walkCollections();
  // Who has won stays where everybody stands who plays, as long as they do.
  walkReferences("winner");
  walkReferences();
  return found;
}

/** `PLACE_CARD` as the prompts call it: `placeCard`. */
function camel(action) {
  return action.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}

/** Whether a prompt asks for an action. */
export function isAsked(prompt, action) {
  return prompt !== null && prompt.split("(")[0] === camel(action);
}

/** `PLACE_CARD` in words. */
export function words(action) {
  const text = action.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What may be meant by an argument, as [value, label]: what the prompt lists, and the objects that are called so. */
export function suggestions(view, action, argument) {
  const listed = isAsked(view.prompt, action) ? (view.choice?.options ?? []) : [];
  const alike = [...view.model.objects.values()].filter(({ kind }) => kind.toLowerCase() === argument.toLowerCase());
  const values = new Set([...listed, ...alike.map(({ id }) => id)]);
  return [...values].slice(0, OFFERED).map((value) => [value, described(view.model, value)]);
}

function described(model, value) {
  const object = model.objects.get(value);
  return object ? [label(object), brief(object)].filter(Boolean).join(" · ") : value;
}
