// One's own account: going, out of this browser or of all of them, and what else concerns it.

import { account, logOut } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { profileOf } from "../player.js";
import { anEnd, keepAll, otherPassword, ownData } from "./account/own.js";

export function render(main) {
  if (!account) {
    fill(main, h("h1", {}, t("account.title")), entrance());
    return;
  }
  fill(
    main,
    h("h1", {}, account.name),
    h("p", {}, h("a", { id: "my-profile", href: profileOf(account.name) }, t("player.mine"))),
    h("p", { class: "soft" }, t(account.guest ? "account.guest.about" : "account.lasts")),
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", id: "log-out", onclick: () => logOut() }, t("account.leave")),
      h("button", { id: "log-out-everywhere", onclick: everywhere }, t("account.leave.everywhere")),
    ),
    h("p", { class: "soft" }, t("account.everywhere.about")),
    ownData(),
    // A guest has no password, and goes by itself.
    account.guest ? keepAll() : [otherPassword(), anEnd()],
  );
}

async function everywhere() {
  try {
    await logOut(true);
  } catch (error) {
    notice(error.message);
  }
}
