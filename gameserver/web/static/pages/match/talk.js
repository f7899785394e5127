// What was said in a match: as the server and this browser remember it, and counted while nobody looks.

import { askAsMe } from "../../account.js";
import { addLine, fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { unheard } from "../../said.js";

/** Lines of one match that are kept. */
const MOST = 200;

/** {hear(from, text), end()} for the list and the mark of the page's frame. */
export function talk(season, name, parts) {
  const key = `gameserver.match-talk.${season.name}.${name}`;
  const kept = JSON.parse(sessionStorage.getItem(key) || "[]");
  let unread = 0;
  if (!parts.talk.firstChild) kept.forEach(show);
  remember().catch(() => {});

  /** What was said before this page came, or while it was away. */
  async function remember() {
    const { messages } = await askAsMe(`/api/talk?season=${season.name}&name=${encodeURIComponent(name)}`);
    const missing = unheard(kept, messages);
    if (!missing.length) return;
    kept.push(...missing.map(({ from, text, at_ms: at }) => ({ from, text, at })));
    kept.sort((one, other) => one.at - other.at);
    fill(parts.talk);
    kept.slice(-MOST).forEach(show);
  }

  function show({ from, text, at }) {
    const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    addLine(parts.talk, h("li", {}, h("span", { class: "soft" }, `${time} `), h("strong", {}, from), `: ${text}`));
  }

  function mark() {
    parts.unread.hidden = !unread;
    fill(parts.unread, unread ? t("chat.unread", { count: unread }) : "");
  }

  function looked() {
    if (document.hidden) return;
    unread = 0;
    mark();
  }

  /** Whether the end of the list is on the screen of somebody who looks. */
  function inSight() {
    const { top, bottom } = parts.talk.getBoundingClientRect();
    return !document.hidden && top < innerHeight && bottom > 0;
  }

  document.addEventListener("visibilitychange", looked);
  parts.talk.addEventListener("focus", looked);
  parts.text.addEventListener("focus", looked);
  return {
    hear(from, text) {
      const line = { from, text, at: Date.now() };
      kept.push(line);
      sessionStorage.setItem(key, JSON.stringify(kept.slice(-MOST)));
      show(line);
      if (!inSight()) unread += 1;
      mark();
    },
    end() {
      document.removeEventListener("visibilitychange", looked);
      parts.talk.removeEventListener("focus", looked);
      parts.text.removeEventListener("focus", looked);
    },
  };
}
