// A new password by a link that an operator has handed out.

import { logIn } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";

export function render(main, token) {
  const password = h("input", { id: "new-password", type: "password", required: true, autocomplete: "new-password" });
  async function reset(event) {
    event.preventDefault();
    try {
      const { name, warning } = await ask("/api/reset", { token, password: password.value });
      await logIn(name, password.value);
      notice(t(warning ? "account.password.weak" : "account.password.changed"));
      location.hash = "#/account";
    } catch (error) {
      notice(error.code === "bad_token" || error.code === "token_expired" ? t("reset.over") : error.message);
    }
  }
  fill(
    main,
    h("h1", {}, t("account.password.title")),
    h("p", {}, t("reset.about")),
    h(
      "form",
      { class: "row card", onsubmit: reset },
      h("label", {}, t("account.password.new"), password),
      h("button", { class: "primary", id: "do-reset" }, t("account.password.change")),
    ),
  );
}
