// All about one player that an operator may see, and what may be done to them.

import { askAsMe } from "../../account.js";
import { fill, h, notice } from "../../dom.js";
import { t } from "../../i18n.js";
import { profileOf, protocolsOf } from "../../player.js";
import { saveJson } from "../../save.js";
import { askedTwice, back, doing, facts, gameOf, matchView, moment, playerViews, search, section } from "./parts.js";

/** Acts that are asked about twice. */
const FOR_GOOD = ["delete"];

export async function render(main, name) {
  const place = h("div");
  fill(main, place);
  await show(place, name);
}

async function show(place, name) {
  const found = await askAsMe(`/api/operator/player?name=${encodeURIComponent(name)}`);
  const again = () => show(place, name);
  fill(
    place,
    h("h1", {}, found.name),
    search(),
    about(found),
    acts(found, again),
    section(
      "operators.sessions",
      ["operators.protocol", "operators.address", "operators.state", "operators.since"],
      found.sessions.map((one) => [protocolsOf([one.door]), one.address, doing(one), t("operators.seconds", one)]),
      { id: "sessions" },
    ),
    section(
      "operators.sanctions",
      ["operators.kind", "operators.subject", "operators.reason", "operators.by", "operators.until"],
      found.sanctions.map((one) => [
        t(`operators.kind.${one.kind}`),
        one.subject,
        one.reason || "–",
        one.by,
        moment(one.until_ms, t("operators.for.good")),
      ]),
      { id: "sanctions" },
    ),
    section(
      "operators.playing",
      ["season.name", "operators.game", "season.players"],
      found.playing.map((one) => [matchView(one), gameOf(one.game), playerViews(one.players)]),
      { id: "playing" },
    ),
    found.account ? kept(found) : null,
    back(),
  );
}

function about(found) {
  const { account } = found;
  return h(
    "section",
    { class: "card" },
    facts(
      [
        ["operators.role", t(`operators.role.${found.role ?? "none"}`)],
        ["operators.here", protocolsOf(found.doors) || t("player.offline")],
        ["operators.team", account?.team],
        ["operators.email", account?.email],
        ["operators.created", account && moment(account.created_ms)],
        ["operators.expires", account?.expires_ms && moment(account.expires_ms)],
      ],
      { id: "facts" },
    ),
    account ? h("p", {}, h("a", { href: profileOf(found.name) }, t("player.results"))) : null,
  );
}

/** What is kept of an account. What this operator may not see does not come. */
function kept(found) {
  const parts = [
    section(
      "operators.matches.past",
      ["operators.number", "season.name", "operators.game", "season.players", "operators.match.finished"],
      found.matches.map((one) => [
        one.id,
        matchView(one),
        gameOf(one.kind),
        playerViews(one.players),
        moment(one.finished_ms),
      ]),
      { id: "matches" },
    ),
    section(
      "operators.standings",
      ["operators.game", "player.rating", "player.played", "player.won"],
      found.standings.map((one) => [gameOf(one.game), Math.round(one.rating), one.played, one.won]),
      { id: "standings" },
    ),
    section(
      "operators.rounds",
      ["operators.number", "season.name", "player.place", "operators.match.finished"],
      found.techmino_rounds.map((one) => [one.round, one.room, one.place, moment(one.ended_ms)]),
      { id: "rounds" },
    ),
    section(
      "operators.log",
      ["operators.at", "operators.by", "operators.action", "operators.subject", "operators.reason"],
      found.audit.map((one) => [moment(one.at_ms), one.actor, one.action, one.subject, one.detail || "–"]),
      { id: "audit" },
    ),
  ];
  if (found.tokens) {
    parts.unshift(
      section(
        "operators.tokens",
        ["operators.kind", "operators.until"],
        found.tokens.map((one) => [one.kind, moment(one.expires_ms)]),
        { id: "tokens" },
      ),
    );
  }
  if (found.wallet) parts.push(...money(found));
  return parts;
}

function money(found) {
  return [
    section(
      "operators.wallet",
      ["operators.currency", "operators.balance"],
      found.wallet.map((one) => [one.currency, plain(one.balance)]),
      { id: "wallet" },
    ),
    section(
      "operators.bets",
      ["operators.at", "operators.game", "operators.stake", "operators.win", "operators.currency"],
      found.bets.map((one) => [moment(one.ended_ms), one.game, plain(one.stake), plain(one.win), one.currency]),
      { id: "bets" },
    ),
  ];
}

/** An amount with two decimals at least. */
function plain(amount) {
  return amount.replace(/0{1,6}$/, "");
}

function acts(found, again) {
  const reason = h("input", { id: "reason", class: "grow", maxlength: 200 });
  const handed = h("p", { "aria-live": "polite" });
  const minutes = h("input", { id: "minutes", type: "number", min: 1, max: 525600 });

  async function act(action) {
    try {
      if (action === "export") {
        const data = await askAsMe(`/api/operator/export?name=${encodeURIComponent(found.name)}`);
        saveJson(`${found.name}.json`, data);
        return;
      }
      const answer = await askAsMe("/api/operator/act", {
        action,
        subject: found.name,
        reason: reason.value,
        minutes: minutes.value ? Number(minutes.value) : null,
      });
      if (action === "reset") {
        const link = `${location.origin}/#/reset/${answer.token}`;
        fill(handed, t("operators.reset.about", found), " ", h("output", { id: "reset-link" }, link));
        return;
      }
      if (action === "delete") {
        notice(t("operators.deleted", found));
        location.hash = "#/operators";
        return;
      }
      notice(t("operators.done"));
      await again();
    } catch (error) {
      notice(error.message);
    }
  }

  const button = (action) =>
    h("button", { type: "button", "data-act": action, onclick: () => act(action) }, t(`operators.do.${action}`));
  const twice = (action) => {
    const words = { act: t(`operators.do.${action}`), name: found.name };
    return askedTwice(`do-${action}`, words.act, t("operators.sure", words), () => act(action));
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("operators.acts")),
    h(
      "div",
      { class: "row" },
      h("label", { class: "grow" }, t("operators.reason"), reason),
      h("label", {}, t("operators.minutes"), minutes),
    ),
    h("div", { class: "row", id: "acts" }, found.acts.filter((action) => !FOR_GOOD.includes(action)).map(button)),
    found.acts.filter((action) => FOR_GOOD.includes(action)).map(twice),
    handed,
  );
}
