// Going through what has been: a slider, and a button that goes on by itself.

import { fill, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * The controls of moments 0 to `last`, a moment each `pause` milliseconds; `show(moment)` shows one and returns what to
 * say beside the slider. Returns `node`, `go(moment)`, and `stop()`.
 */
export function playback(last, pause, show) {
  const where = h("output", { for: "slider", id: "replay-at" });
  const play = h("button", { id: "play" }, t("replay.play"));
  const slider = h("input", {
    type: "range",
    id: "slider",
    min: 0,
    max: last,
    class: "grow",
    "aria-label": t("replay.at"),
  });
  let shown = 0;
  let timer = null;

  function go(moment) {
    shown = moment;
    fill(where, show(moment));
    slider.value = moment;
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    fill(play, t("replay.play"));
  }

  slider.addEventListener("input", () => go(Number(slider.value)));
  play.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }
    if (shown >= last) go(0);
    fill(play, t("replay.stop"));
    timer = setInterval(() => (shown >= last ? stop() : go(shown + 1)), pause);
  });
  return { node: h("div", { class: "row" }, play, slider, where), go, stop };
}
