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

function apply(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
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
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Replace everything in a node if it would look different: what somebody is about to press stays under the finger. */
export function refresh(node, ...children) {
  const draft = node.cloneNode(false);
  append(draft, children);
  if (draft.innerHTML !== node.innerHTML) node.replaceChildren(...draft.childNodes);
}

/** Something that can be chosen with mouse, finger or keyboard. */
export function choosable(node, label, act) {
  node.classList.add("spot");
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", label);
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act();
    }
  });
  return node;
}

/** Say something for some seconds, aloud to screen readers. */
export function notice(text) {
  const line = h("p", {}, text);
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), 6000);
}

/** Keep a list at its end unless the reader has scrolled up. */
export function addLine(list, line, most = 500) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(line);
  while (list.children.length > most) list.firstChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}
