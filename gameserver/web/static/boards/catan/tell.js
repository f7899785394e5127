// A game of Catan in sentences: dice, cards, buildings, and points with their reason.

import { t } from "../../i18n.js";
import { isTrue } from "../../net/model.js";
import { Latest } from "../latest.js";
import { dealings } from "./dealings.js";

/** Pieces by the property of a place that names them. */
const PLACES = { building: true, road: true, knight: true };

/** {latest, tell(event)}: `tell` returns sentences, or null for what is not particular to this game. */
export function teller(view) {
  const latest = new Latest();
  let rolled = false;
  /** Cards that have come and gone in one moment, {lost, won} by player; the server tells each of them alone. */
  let cards = new Map();
  let reason = null;
  let moment = null;

  const nameOf = (player) => player?.user?.nickname ?? "?";

  /** The dice, once the last of them is known. */
  function dice() {
    if (!rolled) return [];
    rolled = false;
    const { root } = view.model;
    const sum = Number(root.yellowDie) + Number(root.redDie);
    // They are put away before the first roll of a turn.
    if (!sum) return [];
    return [
      t("catan.told.dice", {
        name: nameOf(root.currentUser),
        yellow: root.yellowDie,
        red: root.redDie,
        sum,
        event: root.eventDie ? t(`catan.${root.eventDie}`) : "",
      }),
    ];
  }

  /** What has become of everybody's cards. */
  function dealt() {
    const told = dealings([...cards]);
    cards = new Map();
    return told.map(({ key, player, other, count }) =>
      t(`catan.told.${key}`, { name: nameOf(player), other: nameOf(other), count }),
    );
  }

  function change(object, { "@prop": prop, "@ov": old, "@nv": value }) {
    const { root } = view.model;
    if (object === root && /^(yellow|red|event)Die$/.test(prop)) {
      rolled = true;
      return [];
    }
    if (object === root && prop === "currentUser" && value) {
      latest.begin(root.currentUser);
      return null;
    }
    if (PLACES[prop] && value && (object.kind === "Intersection" || object.kind === "Border")) {
      const piece = view.model.get(value);
      latest.add(object);
      reason = t(`catan.${piece.kind}`);
      return [t("catan.told.built", { name: nameOf(piece.userAssets ?? root.currentUser), what: reason })];
    }
    if (object.kind === "Robber" && prop === "field" && value) {
      latest.add(object.field);
      return [t("catan.told.robber", { name: nameOf(root.currentUser) })];
    }
    if (object.kind !== "UserAssets") return null;
    if (prop === "longestRoad") {
      reason = t("catan.longest");
      return isTrue(value) ? [t("catan.told.longest", { name: nameOf(object) })] : [];
    }
    if (prop === "defenderPoints" && Number(value) > Number(old ?? 0)) {
      reason = t("catan.told.defended");
      return [];
    }
    if (prop === "cardCount" && old !== undefined && value !== undefined) {
      const count = Number(value) - Number(old);
      const sum = cards.get(object) ?? { lost: 0, won: 0 };
      cards.set(object, sum);
      sum[count < 0 ? "lost" : "won"] += Math.abs(count);
      return [];
    }
    if (prop === "victoryPoints" && old !== undefined && value !== undefined && reason) {
      const points = Number(value) - Number(old);
      return points > 0 ? [t("story.gain.for", { name: nameOf(object), points, score: value, reason })] : null;
    }
    return null;
  }

  function tell(event) {
    const object = view.model.objects.get(event["@src"]);
    if (event["@ts"] === view.model.began) return null;
    if (!object) return joined([...dealt(), ...dice()], null);
    // What belongs to one moment and follows at once is one dealing.
    const before = event["@prop"] === "cardCount" && event["@ts"] === moment ? [] : dealt();
    if (event["@ts"] !== moment) {
      moment = event["@ts"];
      reason = null;
    }
    const said = change(object, event);
    // The dice are told before what they bring.
    return joined([...before, ...(/Die$/.test(event["@prop"]) ? [] : dice())], said);
  }

  return { latest, tell };
}

function joined(before, said) {
  if (!before.length) return said;
  return [...before, ...(said ?? [])];
}
