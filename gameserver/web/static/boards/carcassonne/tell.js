// A game of Carcassonne in sentences: what was laid, and points with their reason.

import { t } from "../../i18n.js";
import { Latest } from "../latest.js";
import { claims, layout } from "./rules.js";
import { TILES } from "./tiles.js";

/** {latest, tell(event)}: `tell` returns sentences, or null for what is not particular to this game. */
export function teller(view) {
  const latest = new Latest();
  /** Points of which the reason is still to come. */
  let gains = [];

  const nameOf = (player) => player?.user?.nickname ?? "?";

  /** What kind of place a position is. */
  function terrain(position) {
    const place = TILES[position?.field?.name]?.[Number(position?.name) - 1];
    return place ? t(`carcassonne.${place.terrain}`) : null;
  }

  /** The points that have come so far, for a reason. */
  function settled(reason) {
    const said = gains.map(({ player, points, score }) =>
      t("story.gain.for", { name: nameOf(player), points, score, reason }),
    );
    gains = [];
    return said;
  }

  /** The points at the end, each with what it is for: a feature that is worth as much, or else a meadow. */
  function finals() {
    const open = claims(layout(view.model));
    const said = gains.map(({ player, points, score }) => {
      const index = open.findIndex((one) => one.points === points && one.owners.includes(player));
      const owned = (one) => one.terrain === "meadow" && one.owners.includes(player);
      const claim = index < 0 ? open.find(owned) : open[index];
      if (index >= 0) open[index].owners = open[index].owners.filter((owner) => owner !== player);
      const reason = claim
        ? t("carcassonne.told.final", { terrain: t(`carcassonne.${claim.terrain}`), tiles: claim.tiles })
        : t("carcassonne.told.end");
      return t("story.gain.for", { name: nameOf(player), points, score, reason });
    });
    gains = [];
    return said;
  }

  function tell({ "@src": source, "@prop": prop, "@ov": old, "@nv": value, "@ts": at }) {
    const { root } = view.model;
    const object = view.model.objects.get(source);
    if (!object || at === view.model.began) return null;
    if (object.kind === "UserAssets" && prop === "score" && old !== undefined && value !== undefined) {
      gains.push({ player: object, points: Number(value) - Number(old), score: value });
      return [];
    }
    // Followers go home behind the points of what they stood on.
    if (object.kind === "Meeple" && prop === "position") {
      if (value) {
        return [
          t("carcassonne.told.follower", {
            name: nameOf(object.userAssets),
            terrain: terrain(object.position) ?? "",
          }),
        ];
      }
      return gains.length ? settled(terrain(view.model.objects.get(old)) ?? "") : [];
    }
    if (object === root && prop === "currentPlayer" && value) {
      latest.begin(root.currentPlayer);
      return null;
    }
    if (object === root && prop === "fields" && value) {
      latest.add(view.model.get(value));
      return [t("carcassonne.told.tile", { name: nameOf(root.currentPlayer) })];
    }
    if (object === root && gains.length && (prop === "winner" || prop === "running" || prop === "currentPlayer")) {
      const end = finals();
      return prop === "winner" && value ? [...end, t("match.won", { name: root.winner?.nickname ?? "?" })] : end;
    }
    return null;
  }

  return { latest, tell };
}
