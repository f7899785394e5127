// The room that all protocols share.

import { account } from "../account.js";
import { addLine, fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { poll } from "../poll.js";
import { lines, onTalk, sayTo, sayToAll, seen, unread } from "../talk.js";

export function render(main) {
  /** Whose conversation is shown; "" is the public room. */
  let room = "";
  let online = [];
  const list = h("ul", {
    class: "talk",
    id: "talk",
    "aria-live": "polite",
    tabindex: 0,
    "aria-label": t("nav.chat"),
  });
  const people = h("ul", { class: "plain people", id: "people" });
  const heading = h("h2", { id: "room" });
  const text = h("input", {
    id: "say",
    maxlength: 2000,
    autocomplete: "off",
    class: "grow",
    "aria-label": t("chat.say"),
  });
  const form = h(
    "form",
    { class: "row", onsubmit: send },
    text,
    h("button", { class: "primary", type: "submit", id: "send" }, t("chat.send")),
  );
  fill(
    main,
    h("h1", {}, t("nav.chat")),
    h("p", { class: "soft" }, t("chat.about")),
    h(
      "div",
      { class: "conversations" },
      h("nav", { "aria-label": t("chat.people") }, people),
      h("div", {}, heading, list, account ? form : entrance(t("chat.come"))),
    ),
  );

  /** Show a conversation from its beginning. */
  function open(next) {
    room = next;
    fill(heading, room || t("chat.all"));
    fill(list);
    for (const line of lines) if (line.room === room) addLine(list, item(line));
    looked();
  }

  /** What is shown is read, if somebody sees the page. */
  function looked() {
    if (!document.hidden) seen(room);
    choices();
  }

  /** The rooms: everybody, those with whom something was said, those who are here. */
  function choices() {
    const talked = lines.filter((line) => line.direct).map((line) => line.room);
    const names = [...new Set([...talked.reverse(), ...online])];
    refresh(people, ["", ...names].map(choice));
  }

  function choice(name) {
    const count = unread(name);
    const away = name && !online.includes(name);
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          "data-room": name,
          "aria-current": name === room ? "true" : null,
          class: away ? "soft" : null,
          onclick: () => {
            open(name);
            text.focus();
          },
        },
        name || t("chat.all"),
        count ? h("span", { class: "unread" }, t("chat.unread", { count })) : null,
      ),
    );
  }

  async function send(event) {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    try {
      if (room) await sayTo(room, said);
      else await sayToAll(said);
    } catch (error) {
      text.value = said;
      notice(error.message);
    }
  }

  const endTalk = onTalk((line) => {
    if (line === null) open(room);
    else if (line.room === room) addLine(list, item(line));
    looked();
  });
  document.addEventListener("visibilitychange", looked);
  const endPoll = poll(async () => {
    const answer = await ask("/api/status");
    online = answer.online.map((person) => person.name).filter((name) => name !== account?.name);
    choices();
  }, 4);
  open("");
  return () => {
    endTalk();
    endPoll();
    document.removeEventListener("visibilitychange", looked);
  };
}

function item({ from, to, text, mine, direct, at }) {
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const target = direct ? ` → ${mine ? to : t("chat.you")}` : "";
  return h(
    "li",
    { class: [mine && "mine", direct && "direct"].filter(Boolean).join(" ") || null },
    h("span", { class: "soft" }, `${time} `),
    h("strong", {}, from + target),
    `: ${text}`,
  );
}
