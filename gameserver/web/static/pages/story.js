// The log of a game in sentences, from its events.

import { t } from "../i18n.js";

/** A sentence for a change worth telling, or null. Asked after the model has taken the event over. */
export function story(view, { "@src": source, "@prop": prop, "@ov": old, "@nv": value }) {
  const object = view.model.objects.get(source);
  if (!object) return null;
  if (prop === "running" && value !== undefined && old !== undefined) {
    return t(value === "true" ? "story.start" : "story.end");
  }
  if (prop === "winner" && value) return t("match.won", { name: object.winner?.nickname ?? "?" });
  if (prop === "currentPlayer" && value) {
    return t("story.turn", { name: object.currentPlayer?.user?.nickname ?? "?" });
  }
  if (
    object.kind === "UserAssets" &&
    (prop === "score" || prop === "victoryPoints") &&
    old !== undefined &&
    value !== undefined
  ) {
    const gain = Number(value) - Number(old);
    return t(gain > 0 ? "story.gain" : "story.loss", {
      name: object.user?.nickname ?? "?",
      points: Math.abs(gain),
      score: value,
    });
  }
  if (object === view.model.root && prop === "users" && old && !value) {
    return t("story.left", { name: view.model.get(old).user?.nickname ?? "?" });
  }
  return null;
}
