// The first page: what can be played now, open games, who is here, and the way in.

import { account, comeAsGuest } from "../account.js";
import { fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { known, t, title } from "../i18n.js";
import { ask } from "../net/api.js";
import { seasons } from "../net/seasons.js";
import { playerLink, protocolsOf } from "../player.js";
import { poll } from "../poll.js";
import { start } from "./quick_game.js";

/** Open games that are shown at most. */
const SHOWN = 12;

export async function render(main) {
  const games = await seasons();
  const open = h("ul", { class: "plain", id: "open-games" });
  const people = h("ul", { class: "plain", id: "online" });
  fill(
    main,
    h("h1", {}, t("home.title")),
    h("p", {}, t("home.about")),
    h("div", { class: "games" }, games.map(game), elsewhere("fair"), elsewhere("techmino")),
    h(
      "div",
      { class: "cards" },
      account ? null : entrance(t("home.why")),
      h("section", { class: "card" }, h("h2", {}, t("season.games")), open),
      h("section", { class: "card" }, h("h2", {}, t("home.online")), people),
    ),
    h("p", {}, h("a", { href: "#/clients" }, t("clients.link"))),
  );
  const ends = [
    poll(async () => {
      const lists = await Promise.all(games.map((season) => ask(`/api/matches?season=${season.name}&state=open`)));
      const found = lists.flatMap(({ matches }, index) => matches.map((match) => openGame(games[index], match)));
      refresh(open, found.length ? found.slice(0, SHOWN) : h("li", { class: "soft" }, t("season.none")));
    }, 6),
    poll(async () => {
      const { online } = await ask("/api/status");
      refresh(people, online.length ? online.map(person) : h("li", { class: "soft" }, t("home.nobody")));
    }, 4),
  ];
  return () => ends.forEach((end) => end());
}

/** A picture of a game, which says nothing that its title does not. */
function picture(name) {
  return h("img", {
    src: new URL(`../pictures/${name}.svg`, import.meta.url).pathname,
    alt: "",
    width: 480,
    height: 252,
  });
}

/** What can be played against the computer at once, or with others. */
function game(season) {
  const lobby = `#/season/${season.name}`;
  const about = known(`game.${season.game}.about`, null);
  return h(
    "section",
    { class: "card game" },
    season.board ? picture(season.game) : null,
    h("h2", {}, title(season)),
    about && h("p", { class: "soft" }, about),
    h("div", { class: "row" }, quick(season), h("a", { class: "tab", href: lobby }, t("home.with"))),
  );
}

function quick(season) {
  const button = h("button", { class: "primary", id: `quick-${season.game}` }, t("home.play"));
  button.setAttribute("aria-label", `${title(season)}: ${t("home.play")}`);
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

/** What is on a page of its own. */
function elsewhere(name) {
  return h(
    "section",
    { class: "card game" },
    picture(name),
    h("h2", {}, t(`nav.${name}`)),
    h("p", { class: "soft" }, t(`home.${name}`)),
    h("div", { class: "row" }, h("a", { class: "tab", href: `#/${name}` }, t("home.open"))),
  );
}

function openGame(season, { name, players, running, playing, capacity }) {
  const address = `#/match/${season.name}/${encodeURIComponent(name)}`;
  const free = !running && playing < capacity;
  return h(
    "li",
    { "data-game": name },
    h("a", { href: free ? address : `${address}/watch` }, t(free ? "season.join" : "season.watch")),
    " ",
    h("strong", {}, title(season)),
    ` ${name} `,
    h("span", { class: "soft" }, `${playing}/${capacity} · ${players.join(", ")}`),
  );
}

function person({ name, guest, team, doors: protocols }) {
  return h(
    "li",
    { "data-player": name },
    guest ? h("strong", {}, name) : playerLink(name),
    " ",
    h("span", { class: "soft" }, [guest ? t("home.guest") : team, protocolsOf(protocols)].join(" · ")),
  );
}
