// What people do with their own account: their data as a file, another password, an end.

import { account, askAsMe, leaveDeleted, logIn, signUp } from "../../account.js";
import { h, notice } from "../../dom.js";
import { t } from "../../i18n.js";
import { saveJson } from "../../save.js";

/** Do something, and tell why it could not be done. */
async function tried(work) {
  try {
    await work();
  } catch (error) {
    notice(error.message);
  }
}

export function ownData() {
  const save = () => tried(async () => saveJson(`${account.name}.json`, await askAsMe("/api/account/data")));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("account.data")),
    h("p", {}, t("account.data.about")),
    h("button", { id: "save-data", onclick: save }, t("account.data.get")),
  );
}

function passwordField(id, key, autocomplete) {
  const field = h("input", { id, type: "password", required: true, autocomplete });
  return [field, h("label", {}, t(key), field)];
}

/** For guests: an account that has what they have done so far. */
export function keepAll() {
  const name = h("input", { id: "keep-name", autocomplete: "username", required: true });
  const [password, label] = passwordField("keep-password", "account.password", "new-password");
  async function keep(event) {
    event.preventDefault();
    await tried(async () => {
      const warning = await signUp(name.value, password.value, "");
      notice(t(warning ? "account.weak" : "account.kept"));
    });
  }
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("account.keep.title")),
    h("p", {}, t("account.keep.about")),
    h(
      "form",
      { class: "row", onsubmit: keep },
      h("label", {}, t("account.name"), name),
      label,
      h("button", { class: "primary", id: "keep" }, t("account.signup")),
    ),
  );
}

export function otherPassword() {
  const [old, oldLabel] = passwordField("old-password", "account.password.old", "current-password");
  const [next, nextLabel] = passwordField("new-password", "account.password.new", "new-password");
  async function change(event) {
    event.preventDefault();
    await tried(async () => {
      const { name } = account;
      const { warning } = await askAsMe("/api/account/password", { password: old.value, new_password: next.value });
      await logIn(name, next.value);
      notice(t(warning ? "account.password.weak" : "account.password.changed"));
    });
  }
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("account.password.title")),
    h(
      "form",
      { class: "row", onsubmit: change },
      oldLabel,
      nextLabel,
      h("button", { id: "change-password" }, t("account.password.change")),
    ),
  );
}

export function anEnd() {
  const [password, label] = passwordField("delete-password", "account.password", "current-password");
  const sure = h("input", { id: "delete-sure", type: "checkbox", required: true });
  async function end(event) {
    event.preventDefault();
    await tried(async () => {
      await askAsMe("/api/account/delete", { password: password.value });
      leaveDeleted();
      notice(t("account.deleted"));
      location.hash = "#/";
    });
  }
  return h(
    "details",
    { class: "card", id: "delete-account" },
    h("summary", {}, t("account.delete.title")),
    h("p", {}, t("account.delete.about")),
    h(
      "form",
      { onsubmit: end },
      h("p", {}, h("label", {}, sure, " ", t("account.delete.sure"))),
      h("div", { class: "row" }, label, h("button", { id: "do-delete" }, t("account.delete"))),
    ),
  );
}
