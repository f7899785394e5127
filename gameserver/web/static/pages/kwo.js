// Console game servers: state, players, the end of the log, a command line, start and stop.

import { account, askAsMe } from "../account.js";
import { fill, h, notice } from "../dom.js";
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
  const log = h("pre", { class: "console" });
  const command = h("input", { class: "grow", "aria-label": t("kwo.command"), "data-command": name });
  const act = async (body) => {
    try {
      const answer = await askAsMe(`/api/kwo/${encodeURIComponent(name)}`, body);
      if (answer.result) log.append(`\n> ${body.command}\n${answer.result}`);
    } catch (error) {
      notice(error.message);
    }
  };
  const form = h("form", { class: "row", onsubmit: (event) => {
    event.preventDefault();
    if (command.value.trim()) act({ command: command.value.trim() });
    command.value = "";
  } }, command, h("button", {}, t("chat.send")));
  const controls = h("div", { class: "row" },
    h("button", { onclick: () => act({ start: true }) }, t("kwo.start")), h("button", { onclick: () => act({ stop: true }) }, t("kwo.stop")));
  const node = h("section", { class: "card wide", "data-server": name }, h("h2", {}, name), state, players, log, form, name === "hub" ? null : controls);
  return {
    node,
    show(server) {
      fill(state, t("kwo.state", { state: server.state }));
      fill(players, (server.players || []).join(", ") || t("home.nobody"));
      const text = (server.log || []).join("\n");
      if (log.textContent !== text) fill(log, text);
    },
  };
}
