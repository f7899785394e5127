// The line above a board that says what is going on while the server does not answer.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";

/** {node, …}: the line is hidden until one of its functions says something. */
export function connectionLine() {
  const node = h("p", { id: "connection", class: "connection", role: "status", hidden: true });

  function say(text, ...buttons) {
    fill(node, h("span", {}, text), buttons);
    node.hidden = false;
  }

  const button = (id, key, act) => h("button", { type: "button", id, onclick: act }, t(key));

  return {
    node,
    clear() {
      node.hidden = true;
      fill(node);
    },
    /** Something has been sent and nothing has come back for a moment. */
    slow: () => say(t("connection.slow")),
    /** Nothing at all has come for so many seconds. */
    quiet: (seconds) => say(t("connection.quiet", { seconds })),
    /** The connection is lost; the next try is in so many seconds, or `now`. */
    lost: (reason, seconds, now) =>
      say(
        `${t(reason === "stopping" || reason === "moved" ? "connection.restart" : "connection.lost")} ${t("connection.again", { seconds })}`,
        button("try-now", "connection.now", now),
      ),
    /** The page stays out; `back` comes in again, if that may be. */
    out: (text, back) => say(text, back ? button("back", "season.rejoin", back) : null),
  };
}
