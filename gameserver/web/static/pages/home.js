// The first page: come in, play at once, see which protocols there are and who is here.

import { account, comeAsGuest } from "../account.js";
import { fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { known, t, title } from "../i18n.js";
import { ask } from "../net/api.js";
import { seasons } from "../net/seasons.js";
import { poll } from "../poll.js";
import { start } from "./quick_game.js";

export async function render(main) {
  const games = await seasons();
  const protocols = h("ul", { class: "plain" });
  const people = h("ul", { class: "plain", id: "online" });
  fill(
    main,
    h("h1", {}, t("home.title")),
    h("p", {}, t("home.about")),
    h(
      "div",
      { class: "cards" },
      h(
        "section",
        { class: "card" },
        h("h2", {}, t("home.play")),
        h("p", { class: "soft" }, t("home.play.about")),
        h("div", { class: "row" }, games.map(quick), h("a", { href: "#/fair" }, t("nav.fair"))),
      ),
      account ? null : entrance(),
      h("section", { class: "card" }, h("h2", {}, t("home.online")), people),
      h("section", { class: "card wide" }, h("h2", {}, t("home.protocols")), protocols),
    ),
  );
  return poll(async () => {
    const status = await ask("/api/status");
    refresh(people, status.online.length ? status.online.map(person) : h("li", { class: "soft" }, t("home.nobody")));
    refresh(
      protocols,
      status.doors.map((protocol) =>
        h(
          "li",
          {},
          h("strong", {}, protocol.key),
          " ",
          h("span", { class: "soft" }, protocol.endpoint),
          h("br"),
          h("code", {}, protocol.hint),
        ),
      ),
    );
  }, 4);
}

function quick(season) {
  const button = h("button", { class: "primary", id: `quick-${season.game}` }, title(season));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if (!account) await comeAsGuest();
      location.hash = await start(season);
    } catch (error) {
      notice(error.message);
      button.disabled = false;
    }
  });
  return button;
}

function person({ name, guest, team, doors: protocols }) {
  return h(
    "li",
    { "data-player": name },
    h("strong", {}, name),
    " ",
    h(
      "span",
      { class: "soft" },
      [guest ? t("home.guest") : team, protocols.map((one) => known(`door.${one}`, one)).join(", ")].join(" · "),
    ),
  );
}
