// The ticket with which Techmino 0.17.11 to 0.17.21 logs in, and the password for 0.17.7 to 0.17.10.

import { account, askAsMe } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { copy } from "../invitation.js";

export function render(main) {
  const heading = [h("h1", {}, t("ticket.title")), h("p", { class: "soft" }, t("ticket.about"))];
  if (!account) {
    fill(main, heading, entrance(t("season.come")));
    return null;
  }
  fill(main, heading, h("div", { class: "cards" }, ticket(), password()));
  return null;
}

function ticket() {
  const text = h("textarea", {
    id: "ticket",
    rows: 6,
    readonly: true,
    "aria-label": t("ticket.title"),
  });
  text.addEventListener("focus", () => text.select());
  const copying = h("button", { id: "copy-ticket", onclick: () => copy(text, t("ticket.copied")) }, t("ticket.copy"));
  text.hidden = copying.hidden = true;
  const make = async () => {
    try {
      text.value = (await askAsMe("/api/techmino/ticket", {})).ticket;
      text.hidden = copying.hidden = false;
      text.focus();
    } catch (error) {
      notice(error.message);
    }
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "0.17.11 – 0.17.21"),
    h("p", {}, t("ticket.how")),
    h("p", {}, h("button", { class: "primary", id: "make-ticket", onclick: make }, t("ticket.make"))),
    text,
    h("p", {}, copying),
  );
}

function password() {
  const typed = h("input", {
    type: "password",
    id: "ticket-password",
    required: true,
    autocomplete: "current-password",
  });
  const told = h("p", { id: "ticket-told", "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    try {
      const { login } = await askAsMe("/api/techmino/password", { password: typed.value });
      fill(told, t("ticket.login", { login }));
    } catch (error) {
      fill(told, error.message);
    }
    typed.value = "";
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "0.17.7 – 0.17.10"),
    h("p", {}, t("ticket.password.how")),
    h(
      "form",
      { onsubmit: send },
      h("label", {}, t("account.password"), typed),
      h("button", { id: "keep-password" }, t("ticket.password.keep")),
    ),
    told,
  );
}
