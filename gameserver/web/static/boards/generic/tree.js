// The objects of a game as a tree that is brought up to date in place: what is open stays open, and a keyboard stays
// where it is. What has changed is marked for a moment, on whatever of it is in sight.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { brief, isObject, label, places, properties } from "./outline.js";

/** Return {node, draw()} for the objects of a model (see net/model.js). */
export function tree(model) {
  const node = h("div", { class: "tree", role: "group", "aria-label": t("generic.tree") });
  /** By object: its folder, and its rows by property. Made when the object is first in sight. */
  const branches = new Map();
  let place = new Map();
  let changes = [];
  let drawn = false;
  model.onchange = (object, name) => changes.push([object, name]);

  function draw() {
    if (!model.root) return;
    place = places(model.root);
    for (const object of branches.keys()) if (!place.has(object)) branches.delete(object);
    const root = branch(model.root);
    if (!node.firstChild) {
      root.folder.open = true;
      node.append(root.folder);
    }
    show(model.root);
    const seen = new Set(drawn ? changes.map(([object, name]) => inSight(object, name)) : []);
    seen.forEach(mark);
    changes = [];
    drawn = true;
  }

  function branch(object) {
    if (!branches.has(object)) {
      const heading = h("summary", {}, h("span"), " ", h("span", { class: "soft brief" }));
      const list = h("dl");
      const folder = h("details", { "data-object": object.id }, heading, list);
      folder.addEventListener("toggle", () => show(object));
      branches.set(object, { folder, heading, list, rows: new Map() });
    }
    return branches.get(object);
  }

  /** Bring the folder of an object up to date; what is folded up needs no rows. */
  function show(object) {
    const { folder, heading, list, rows } = branch(object);
    const [name, rest] = heading.children;
    write(name, label(object));
    write(rest, brief(object));
    if (!folder.open) return;
    // The id is what commands name an object by.
    for (const [property, value] of [["id", object.id], ...properties(object)]) {
      let row = rows.get(property);
      if (!row) {
        row = h("div", { "data-property": property }, h("dt", {}, property), h("dd"));
        rows.set(property, row);
        list.append(row);
      }
      put(row.lastChild, object, property, value);
    }
  }

  /** Put a value where it belongs: a collection, an object that stands here, a link to one that does not, or a text. */
  function put(slot, owner, property, value) {
    if (value instanceof Set) {
      collection(slot, owner, property, value);
    } else if (!isObject(value)) {
      if (slot.firstElementChild) fill(slot);
      write(slot, value ?? "–");
    } else if (place.get(value)?.owner === owner && place.get(value).name === property) {
      if (slot.firstChild !== branch(value).folder) fill(slot, branch(value).folder);
      show(value);
    } else {
      link(slot, value);
    }
  }

  function collection(slot, owner, property, members) {
    if (slot.firstChild?.className !== "collection") {
      const folder = h("details", { class: "collection", open: owner === model.root }, h("summary"), h("ul"));
      folder.addEventListener("toggle", () => fillCollection(folder, owner, property));
      fill(slot, folder);
    }
    write(slot.firstChild.firstChild, t("generic.count", { count: members.size }));
    fillCollection(slot.firstChild, owner, property);
  }

  function fillCollection(folder, owner, property) {
    const list = folder.lastChild;
    const members = folder.open ? owner[property] : new Set();
    const ids = new Set([...members].map(({ id }) => id));
    for (const item of [...list.children]) if (!ids.has(item.dataset.member)) item.remove();
    const items = new Map([...list.children].map((item) => [item.dataset.member, item]));
    for (const member of members) {
      let item = items.get(member.id);
      if (!item) {
        item = h("li", { "data-member": member.id });
        list.append(item);
      }
      put(item, owner, property, member);
    }
  }

  function link(slot, object) {
    let button = slot.firstChild;
    if (button?.dataset?.target !== object.id) {
      button = h("button", { type: "button", class: "link", "data-target": object.id });
      button.addEventListener("click", () => reveal(object));
      fill(slot, button);
    }
    write(button, label(object));
  }

  /** Unfold everything above an object and go there. */
  function reveal(object) {
    const way = [];
    for (let step = place.get(object); step; step = place.get(step.owner)) way.unshift(step);
    way.forEach(({ owner, name }) => unfold(owner, name));
    const { heading } = branch(object);
    heading.focus();
    heading.scrollIntoView({ block: "nearest" });
    mark(heading);
  }

  function unfold(owner, property) {
    const { folder, rows } = branch(owner);
    folder.open = true;
    show(owner);
    const below = rows.get(property).querySelector("details");
    if (below.className !== "collection") return;
    below.open = true;
    fillCollection(below, owner, property);
  }

  /** What is to be marked when a property has changed: its row, or the heading of the outermost folder that hides it. */
  function inSight(object, name) {
    const known = branches.get(object);
    const row = known?.rows.get(name) ?? known?.heading;
    if (!row?.isConnected) {
      const above = place.get(object);
      return above ? inSight(above.owner, above.name) : null;
    }
    let seen = row;
    for (let folder = row.closest("details"); folder; folder = folder.parentElement.closest("details")) {
      if (!folder.open) seen = folder.firstChild;
    }
    return seen;
  }

  return { node, draw };
}

function write(node, text) {
  if (node.textContent !== String(text)) fill(node, text);
}

function mark(node) {
  if (!node) return;
  node.classList.remove("changed");
  // Looking at its size makes the browser begin the animation anew.
  node.getBoundingClientRect();
  node.classList.add("changed");
  node.addEventListener("animationend", () => node.classList.remove("changed"), { once: true });
}
