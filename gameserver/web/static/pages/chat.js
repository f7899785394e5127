// The room that all protocols share.

import { account } from "../account.js";
import { addLine, fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { poll } from "../poll.js";
import { lines, onTalk, sayTo, sayToAll } from "../talk.js";

export function render(main) {
  const list = h("ul", { class: "talk", id: "talk", "aria-live": "polite" });
  const people = h("select", { id: "recipient" }, h("option", { value: "" }, t("chat.all")));
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
    h("label", {}, t("chat.to"), people),
    text,
    h("button", { class: "primary", type: "submit", id: "send" }, t("chat.send")),
  );
  fill(
    main,
    h("h1", {}, t("nav.chat")),
    h("p", { class: "soft" }, t("chat.about")),
    list,
    account ? form : entrance(t("chat.come")),
  );
  for (const line of lines) addLine(list, item(line));

  async function send(event) {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    try {
      if (people.value) await sayTo(people.value, said);
      else await sayToAll(said);
    } catch (error) {
      text.value = said;
      notice(error.message);
    }
  }

  const endTalk = onTalk((line) => addLine(list, item(line)));
  const endPoll = poll(async () => {
    const { online } = await ask("/api/status");
    const names = online.map((person) => person.name).filter((name) => name !== account?.name);
    const chosen = people.value;
    refresh(
      people,
      h("option", { value: "" }, t("chat.all")),
      names.map((name) => h("option", { value: name }, name)),
    );
    people.value = names.includes(chosen) ? chosen : "";
  }, 4);
  return () => {
    endTalk();
    endPoll();
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
