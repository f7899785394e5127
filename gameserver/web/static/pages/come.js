// Coming in from any page, and back to it.

import { account } from "../account.js";
import { fill, h } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";

/** `back` is the page to return to: its address from the `#` on. */
export function render(main, back = "#/") {
  if (account) {
    location.replace(back.startsWith("#/") ? back : "#/");
    return;
  }
  fill(main, h("h1", {}, t("account.come")), h("div", { class: "cards" }, entrance()));
}
