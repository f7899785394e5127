// Somebody's profile: ratings, results, achievements, and on one's own page one's friends and who may see all this.

import { account, askAsMe } from "../account.js";
import { fill, h, notice, refresh } from "../dom.js";
import { known, language, t } from "../i18n.js";
import { ask } from "../net/api.js";
import { playerLink, protocolsOf } from "../player.js";
import { poll } from "../poll.js";
import { table } from "../table.js";
import { milestones } from "./player/milestones.js";

const PAGE = 20;

/** How a game is called, a mini-game too. */
export function gameTitle(game) {
  return known(`game.${game}`, known(`fair.${game}`, game === "techmino" ? t("nav.techmino") : game));
}

export async function render(main, name) {
  const found = await profile(name, 0);
  document.title = found.name;
  const parts = [h("h1", {}, found.name), h("p", { class: "soft", id: "about" }, about(found)), buttons(found)];
  if (found.hidden && found.own) parts.push(h("p", {}, t("player.hidden.own")));
  if (!found.standings) {
    fill(main, parts, h("p", {}, t("player.hidden")));
    return null;
  }
  const list = found.own ? h("ul", { class: "plain", id: "friends" }) : null;
  fill(
    main,
    parts,
    h(
      "div",
      { class: "columns" },
      h("div", {}, standings(found), results(name, found)),
      h(
        "aside",
        {},
        list ? h("section", { class: "card" }, h("h2", {}, t("player.friends")), list) : null,
        reached(found),
      ),
    ),
  );
  return list ? poll(() => friends(list), 10) : null;
}

function profile(name, offset) {
  const path = `/api/profile?name=${encodeURIComponent(name)}&offset=${offset}`;
  return account ? askAsMe(path) : ask(path);
}

function about({ team, motto, doors }) {
  const there = doors ? t("player.online", { doors: protocolsOf(doors) }) : t("player.offline");
  return [team, motto, there].filter(Boolean).join(" · ");
}

function buttons(found) {
  if (!account) return null;
  const act = (path, body) => async () => {
    try {
      await askAsMe(path, body);
      dispatchEvent(new HashChangeEvent("hashchange"));
    } catch (error) {
      notice(error.message);
    }
  };
  const button = found.own
    ? h(
        "button",
        { id: "hide", onclick: act("/api/profile", { hidden: !found.hidden }) },
        t(found.hidden ? "player.show" : "player.hide"),
      )
    : h(
        "button",
        { id: "befriend", onclick: act("/api/friends", { name: found.name, friend: !found.friend }) },
        t(found.friend ? "player.unfriend" : "player.befriend"),
      );
  return h("p", {}, button);
}

function standings(found) {
  const rows = found.standings.map((one) => [
    h("a", { href: `#/leaders/${one.game}` }, gameTitle(one.game)),
    one.rated ? `${one.rating} ± ${2 * one.deviation}` : "–",
    one.played,
    one.won,
  ]);
  const bets = found.bets.map(({ game, bets: many, won, best }) => [
    gameTitle(game),
    many,
    won,
    `${best.toFixed(2)}×`,
  ]);
  return [
    h("h2", {}, t("player.games")),
    rows.length
      ? table(t("player.games"), ["player.game", "player.rating", "player.played", "player.won"], rows, {
          id: "standings",
        })
      : h("p", { class: "soft" }, t("player.none")),
    bets.length
      ? [
          h("h2", {}, t("player.bets")),
          table(t("player.bets"), ["player.game", "player.played", "player.won", "player.best"], bets, {
            id: "bets",
          }),
        ]
      : null,
  ];
}

function results(name, found) {
  const body = h("div", { id: "results" });
  const more = h("button", { id: "more-results", onclick: next }, t("player.more"));
  let shown = found.results;

  function show(there) {
    more.hidden = !there;
    fill(
      body,
      shown.length
        ? table(
            t("player.results"),
            ["player.at", "player.game", "player.place", "player.with", "player.rating"],
            shown.map(row),
          )
        : h("p", { class: "soft" }, t("player.none")),
    );
  }

  async function next() {
    const { results: older, more: there } = await profile(name, shown.length);
    shown = [...shown, ...older];
    show(there && shown.length < 50 * PAGE);
  }

  function row({ game, number, at_ms: at, place, against, rating, kept }) {
    const others = against.filter((one) => one.toLowerCase() !== found.name.toLowerCase());
    const when = new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
    return [
      kept ? h("a", { href: `#/replay/${number}` }, when) : when,
      gameTitle(game),
      place === 1 ? t("player.first") : place ? t("player.placed", { place }) : t("player.undecided"),
      others.flatMap((one, index) => [
        index ? ", " : "",
        /^computer\d+$/.test(one) ? t("player.computer") : playerLink(one),
      ]),
      rating === null ? "–" : Math.round(rating),
    ];
  }

  show(found.more);
  return [h("h2", {}, t("player.results")), body, more];
}

function reached(found) {
  const own = found.achievements.map(({ name, condition, at_ms: at }) =>
    h(
      "li",
      {},
      h("strong", {}, name),
      " ",
      h("span", { class: "soft" }, `${condition} · ${new Date(at).toLocaleDateString(language)}`),
    ),
  );
  const ours = milestones(found.standings).map(({ key, ...values }) =>
    h("li", { "data-milestone": key }, t(`milestone.${key}`, values)),
  );
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("player.achievements")),
    own.length + ours.length
      ? h("ul", { class: "plain", id: "achievements" }, ours, own)
      : h("p", { class: "soft" }, t("player.none")),
  );
}

async function friends(list) {
  const { friends: found } = await askAsMe("/api/friends");
  refresh(
    list,
    found.length
      ? found.map(({ name, doors }) =>
          h(
            "li",
            { "data-friend": name },
            playerLink(name),
            " ",
            h(
              "span",
              { class: "soft" },
              doors ? t("player.online", { doors: protocolsOf(doors) }) : t("player.offline"),
            ),
          ),
        )
      : h("li", { class: "soft" }, t("player.friends.none")),
  );
}
