// Tables of texts.

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** A table; `heads` are keys of texts, `rows` lists of cells. */
export function plainTable(heads, rows, attributes = {}) {
  return h(
    "table",
    attributes,
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, t(head))),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((cells) =>
        h(
          "tr",
          {},
          cells.map((cell) => h("td", {}, cell)),
        ),
      ),
    ),
  );
}

/** The same in a frame that scrolls and is called `label`. */
export function table(label, heads, rows, attributes = {}) {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    plainTable(heads, rows, attributes),
  );
}
