// Going: out of this browser, or out of all of them.

import { account, logOut } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { profileOf } from "../player.js";

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
  );
}

async function everywhere() {
  try {
    await logOut(true);
  } catch (error) {
    notice(error.message);
  }
}
