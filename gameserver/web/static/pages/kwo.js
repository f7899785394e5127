// Console game servers: state, players, the end of the log, a command line, start and stop.

import { account, askAsMe } from "../account.js";
import { fill, h, notice, refresh } from "../dom.js";
import { t } from "../i18n.js";
import { poll } from "../poll.js";

export function render(main) {
  if (!account || account.role === "player") {
    fill(main, h("p", {}, t("operators.only")));
    return null;
  }
  const list = h("div", { class: "cards" });
  const cards = new Map();
  fill(main, h("h1", {}, t("nav.kwo")), h("p", { class: "soft" }, t("kwo.about")), list);

  return poll(async () => {
    const { servers } = await askAsMe("/api/kwo");
    for (const server of servers) {
      if (!cards.has(server.name)) {
        cards.set(server.name, card(server.name));
        list.append(cards.get(server.name).node);
      }
      cards.get(server.name).show(server);
    }
  }, 2);
}

function card(name) {
  const state = h("p");
  const players = h("p", { class: "soft" });
  const log = h("pre", { class: "console", tabindex: 0 });
  const answers = h("pre", { class: "console", "aria-live": "polite" });
  const command = h("input", { class: "grow", "aria-label": t("kwo.command"), "data-command": name });
  const controls = h("div", { class: "row" });
  const act = async (action, text = "") => {
    try {
      const { result } = await askAsMe(`/api/kwo/${encodeURIComponent(name)}`, { action, command: text });
      if (action === "command") fill(answers, `> ${text}\n${result}`);
      else notice(result);
    } catch (error) {
      notice(error.message);
    }
  };
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        if (command.value.trim()) act("command", command.value.trim());
        command.value = "";
      },
    },
    command,
    h("button", {}, t("chat.send")),
  );
  const node = h(
    "section",
    { class: "card wide", "data-server": name },
    h("h2", {}, name),
    state,
    players,
    log,
    form,
    answers,
    controls,
  );
  return {
    node,
    show(server) {
      const remark = server.state === "running" && !server.ready ? t("kwo.unready") : server.ending;
      refresh(state, t("kwo.state", { state: server.state }), remark ? ` (${remark})` : "");
      refresh(players, server.players.join(", ") || t("home.nobody"));
      refresh(log, server.tail.join("\n"));
      form.hidden = !server.allowed.includes("command");
      refresh(
        controls,
        ["start", "stop"]
          .filter((action) => server.allowed.includes(action))
          .map((action) => h("button", { type: "button", onclick: () => act(action) }, t(`kwo.${action}`))),
      );
    },
  };
}
