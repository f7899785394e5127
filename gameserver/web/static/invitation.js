// A link to a match to give to somebody: to copy, to share, or to be read by the camera of a phone.

import { h, notice, s } from "./dom.js";
import { t } from "./i18n.js";
import { qr } from "./qr.js";

/** Light modules around a code, without which no camera finds it. */
const QUIET = 4;

/** The whole address of a match, for players, or for who may only `watch`; other programs show a preview of it. */
export function matchAddress(season, name, watch = false) {
  return `${location.origin}/match/${season}/${encodeURIComponent(name)}${watch ? "/watch" : ""}`;
}

/** What somebody opens who wants to invite others to an address. */
export function invitation(address) {
  const link = h("input", { class: "invite-link", readonly: true, value: address, "aria-label": t("invite.link") });
  link.addEventListener("focus", () => link.select());
  const share = navigator.share
    ? h(
        "button",
        { type: "button", onclick: () => navigator.share({ url: address }).catch(() => {}) },
        t("invite.share"),
      )
    : null;
  const code = h("div", { class: "invite-code" });
  const box = h(
    "details",
    { class: "invite", id: "invite" },
    h("summary", {}, t("invite.title")),
    h("p", { class: "soft" }, t("invite.about")),
    link,
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "button", id: "copy-invitation", onclick: () => copy(link, t("invite.copied")) },
        t("invite.copy"),
      ),
      share,
    ),
    code,
  );
  // Drawn when it is asked for: most people invite nobody.
  box.addEventListener("toggle", () => box.open && !code.firstChild && code.append(picture(address)));
  return box;
}

/** Copy what a field holds, and say so. Browsers give the clipboard to pages of https and localhost only; elsewhere
 *  the old way does. */
export async function copy(field, copied) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    if (!document.execCommand("copy")) return;
  }
  notice(copied);
}

function picture(address) {
  const rows = qr(address);
  const side = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")));
  return s(
    "svg",
    { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": t("invite.code"), "shape-rendering": "crispEdges" },
    s("rect", { width: side, height: side, fill: "#fff" }),
    s("path", { d: dark.join(""), fill: "#000" }),
  );
}
