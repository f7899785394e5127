// Techmino's rooms and rounds, over the same WebSockets as its own client.

import { account } from "../account.js";
import { addLine, fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { Endpoint, enter } from "../net/techmino.js";
import { poll } from "../poll.js";
import { roundTable, showRounds } from "./techmino_rounds.js";

export async function render(main, mode = "", id = "") {
  if (mode === "rounds") return (await import("./techmino_rounds.js")).render(main, id);
  if (mode === "ticket") return (await import("./techmino_ticket.js")).render(main);
  if (mode === "client") return (await import("./techmino_client.js")).render(main);
  const heading = [
    h("h1", {}, t("nav.techmino")),
    h(
      "p",
      { class: "soft" },
      t("techmino.about"),
      " ",
      h("a", { href: "#/techmino/client" }, t("techmino.client.title")),
      " · ",
      h("a", { href: "#/techmino/ticket" }, t("ticket.title")),
      " · ",
      h("a", { href: "#/techmino/rounds" }, t("techmino.replays")),
    ),
  ];
  if (!account) {
    fill(main, heading, entrance(t("season.come")));
    return null;
  }
  if (mode !== "here" && (await elsewhere())) {
    fill(
      main,
      heading,
      h("p", {}, t("techmino.elsewhere")),
      h("a", { href: "#/techmino/here", class: "tab", id: "come-here" }, t("techmino.here")),
    );
    return null;
  }
  const { uid, accessToken, user } = await enter(account);
  const play = new Endpoint("play", { uid, accessToken });
  const rooms = h("tbody", { id: "rooms" });
  const results = h("tbody", { id: "replays" });
  const talk = h("ul", { class: "talk", id: "talk", "aria-live": "polite" });
  const text = h("input", { class: "grow", id: "say", "aria-label": t("chat.say") });
  const chat = new Endpoint("chat", { uid, accessToken });
  const endpoints = [play, chat, user];
  const leave = () => endpoints.forEach((endpoint) => endpoint.close());
  try {
    await Promise.all([play.ready, chat.ready]);
  } catch (error) {
    leave();
    throw error;
  }
  chat.onmessage = (message) => {
    if (message.action === 3 && message.data?.message !== undefined) line(message.data);
  };
  const { data } = await chat.ask(1, { rid: "global" });
  const line = ({ username, message }) => addLine(talk, h("li", {}, h("strong", {}, username), `: ${message}`));
  (data?.histories || []).forEach(line);
  fill(
    main,
    heading,
    h("h2", {}, t("techmino.rooms")),
    h(
      "div",
      { class: "scroll", tabindex: 0 },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["season.name", "techmino.type", "season.players", "season.status"].map((head) => h("th", {}, t(head))),
          ),
        ),
        rooms,
      ),
    ),
    h("h2", {}, t("nav.chat")),
    talk,
    h(
      "form",
      {
        class: "row",
        onsubmit: (event) => {
          event.preventDefault();
          if (text.value.trim()) chat.send(3, { rid: "global", message: text.value.trim() });
          text.value = "";
        },
      },
      text,
      h("button", { class: "primary", id: "send" }, t("chat.send")),
    ),
    h("h2", {}, t("techmino.replays")),
    roundTable(results),
  );
  const end = poll(async () => {
    const { roomList } = await play.ask(0, { begin: 0, count: 50 });
    refresh(
      rooms,
      roomList.length
        ? roomList.map((room) =>
            h(
              "tr",
              {},
              h("td", {}, room.name),
              h("td", {}, `${room.type} · ${room.roomInfo.version}`),
              h("td", {}, `${room.count}/${room.capacity}`),
              h("td", {}, room.start ? t("state.running") : t("state.open"), room.private ? " 🔒" : ""),
            ),
          )
        : h("tr", {}, h("td", { colspan: 4, class: "soft" }, t("techmino.none"))),
    );
  }, 3);
  showRounds(results).catch((error) => notice(error.message));
  return () => {
    end();
    leave();
  };
}

/** Whether this person is in with the game's own client: a login here would end that one, and its round. */
async function elsewhere() {
  // A page of ours that was just left may still be counted.
  for (let look = 0; look < 4; look += 1) {
    const { online } = await ask("/api/status");
    const here = online.some(({ name, doors: protocols }) => name === account.name && protocols.includes("techmino"));
    if (!here) return false;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  return true;
}
