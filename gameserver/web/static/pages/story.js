// The log of a game in sentences, from its events.

import { t } from "../i18n.js";
import { remarked } from "./remarks.js";

/**
 * Let a view take over an event, and say what there is to tell: {told, moved, heard}. `told` are sentences, `moved` is
 * whether somebody else has done something that is to be seen, `heard` is what somebody has said, {from, text}.
 */
export function tellings(view, board, event) {
  const said = view.take(event);
  if (said !== null && event["@src"] !== "SERVER") {
    return { told: [], moved: false, heard: { from: event["@src"], text: event["@nv"] ?? "" } };
  }
  if (said !== null) return { told: [remarked(said)], moved: false, heard: null };
  const told = board.tell?.(event) ?? null;
  const others = view.current() !== view.me();
  if (told !== null) return { told, moved: told.length > 0 && others && !view.season.real_time, heard: null };
  const sentence = story(view, event);
  return { told: sentence ? [sentence] : [], moved: false, heard: null };
}

/** A sentence for a change worth telling, or null. Asked after the model has taken the event over. */
function story(view, { "@src": source, "@prop": prop, "@ov": old, "@nv": value }) {
  const object = view.model.objects.get(source);
  if (!object) return null;
  if (prop === "running" && value !== undefined && old !== undefined) {
    return t(value === "true" ? "story.start" : "story.end");
  }
  if (prop === "winner" && value) return t("match.won", { name: object.winner?.nickname ?? "?" });
  if ((prop === "currentPlayer" || prop === "currentUser") && value) {
    return t("story.turn", { name: view.current()?.user?.nickname ?? "?" });
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
