// Coming in, wherever somebody is needed: the address stays, so a link still leads where it led.

import { comeAsGuest, logIn, signUp } from "./account.js";
import { h, notice } from "./dom.js";
import { t } from "./i18n.js";

/** Sign up, log in, or come as a guest; the page is shown anew when that is done. `why` says what it is good for. */
export function entrance(why = null) {
  const name = h("input", { id: "name", autocomplete: "username", required: true });
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const email = h("input", { id: "email", type: "email", autocomplete: "email" });
  const attempt = (work) => async (event) => {
    event.preventDefault();
    try {
      await work();
    } catch (error) {
      notice(error.message);
    }
  };
  const form = h(
    "form",
    { onsubmit: attempt(() => logIn(name.value, password.value)) },
    h("p", {}, h("label", {}, t("account.name"), name)),
    h("p", {}, h("label", {}, t("account.password"), password)),
    h("p", {}, h("label", {}, t("account.email"), email)),
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", id: "log-in", type: "submit" }, t("account.login")),
      h(
        "button",
        {
          type: "button",
          id: "sign-up",
          onclick: attempt(async () => {
            if (!form.reportValidity()) return;
            const warning = await signUp(name.value, password.value, email.value);
            if (warning) notice(t("account.weak"), 15);
          }),
        },
        t("account.signup"),
      ),
      h("button", { type: "button", id: "guest", onclick: attempt(comeAsGuest) }, t("account.guest")),
    ),
  );
  return h("section", { class: "card" }, h("h2", {}, t("account.come")), why && h("p", { class: "soft" }, why), form);
}
