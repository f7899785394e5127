// Building pages without markup in strings: text stays text, whoever wrote it.

/** Make an element: h("p", {class: "soft", onclick: f}, "text", child, [children]). */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  apply(node, attributes);
  append(node, children);
  return node;
}

/** The same for SVG. */
export function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(node, attributes);
  append(node, children);
  return node;
}

/** What elements do, by the name of the event: {click: f}. */
const deeds = new WeakMap();

/** Let an element do something at an event; `refresh` may give it something else to do. */
function on(node, name, deed) {
  const all = deeds.get(node) ?? {};
  deeds.set(node, all);
  if (!(name in all)) node.addEventListener(name, (event) => deeds.get(node)[name](event));
  all[name] = deed;
}

function apply(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) on(node, name.slice(2), value);
    else if (typeof value === "boolean" && name in node) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Replace everything in a node. */
export function fill(node, ...children) {
  const draft = document.createDocumentFragment();
  append(draft, children);
  replace(node, draft);
  return node;
}

/**
 * Replace everything in a node if it would look different: what somebody is about to press stays under the finger. What
 * looks the same does from now on what the new one would do, which may know of another connection or another answer.
 */
export function refresh(node, ...children) {
  const draft = node.cloneNode(false);
  append(draft, children);
  if (draft.innerHTML !== node.innerHTML) {
    replace(node, ...draft.childNodes);
    return;
  }
  const old = node.querySelectorAll("*");
  draft.querySelectorAll("*").forEach((one, index) => {
    if (deeds.has(one) && deeds.has(old[index])) Object.assign(deeds.get(old[index]), deeds.get(one));
  });
}

/** Replace what is in a node. A keyboard that was in it stays there: on the like of what it was on, or on the node. */
function replace(node, ...content) {
  const at = document.activeElement;
  const like = at !== node && node.contains(at) ? likeness(at) : null;
  node.replaceChildren(...content);
  if (like === null) return;
  const next = like && node.querySelector(like);
  next?.focus({ preventScroll: true });
  if (next && document.activeElement === next) return;
  if (!node.hasAttribute("tabindex")) node.setAttribute("tabindex", "-1");
  node.focus({ preventScroll: true });
}

/**
 * Remember where the keyboard is in a node that is about to be locked: what is inert loses it. Returns how to give it back
 * to the like of what it was on, unless somebody has gone elsewhere meanwhile.
 */
export function keepFocus(node) {
  const at = document.activeElement;
  const like = node.contains(at) ? likeness(at) : "";
  return () => {
    const elsewhere = document.activeElement && document.activeElement !== document.body;
    if (like && !elsewhere) node.querySelector(like)?.focus({ preventScroll: true });
  };
}

/** A selector by which an element can be found again when it has been made anew; "" if it has nothing of its own. */
function likeness(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const own = [...element.attributes].filter(({ name }) => name.startsWith("data-") || name === "href");
  return own.map(({ name, value }) => `[${name}="${CSS.escape(value)}"]`).join("");
}

/** Something that can be chosen with mouse, finger or keyboard; `act` is told the event. */
export function choosable(node, label, act) {
  node.classList.add("spot");
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", label);
  on(node, "click", act);
  on(node, "keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act(event);
    }
  });
  return node;
}

/** Say something for some seconds, aloud to screen readers. */
export function notice(text, seconds = 6) {
  const line = h("p", {}, text);
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), seconds * 1000);
}

/** Keep a list at its end unless the reader has scrolled up. */
export function addLine(list, line, most = 500) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(line);
  while (list.children.length > most) list.firstChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}
