// The frame around every page: navigation, language, who is logged in, and which page the address names.

import { account, onAccount } from "./account.js";
import { fill, h, notice, refresh } from "./dom.js";
import { setLanguage, t, title } from "./i18n.js";
import { loaded, preload } from "./net/loading.js";
import { seasons } from "./net/seasons.js";
import { onTalk, onUnread, unread } from "./talk.js";

/** Pages by the first word of the address; each module has `render(main, ...words)` that may return a clean-up. */
const PAGES = {
  "": () => import("./pages/home.js"),
  account: () => import("./pages/account.js"),
  come: () => import("./pages/come.js"),
  chat: () => import("./pages/chat.js"),
  clients: () => import("./pages/clients.js"),
  season: () => import("./pages/season.js"),
  match: () => import("./pages/match.js"),
  replay: () => import("./pages/replay.js"),
  fair: () => import("./pages/fair.js"),
  techmino: () => import("./pages/techmino.js"),
  kwo: () => import("./pages/kwo.js"),
  player: () => import("./pages/player.js"),
  leaders: () => import("./pages/leaders.js"),
  reset: () => import("./pages/reset.js"),
  operators: () => import("./pages/operators.js"),
};

/** Addresses and the keys of their texts; the games stand between the two. */
const FIRST = [
  ["#/", "nav.home"],
  ["#/chat", "nav.chat"],
];
const LAST = [
  ["#/fair", "nav.fair"],
  ["#/techmino", "nav.techmino"],
  ["#/leaders", "nav.leaders"],
];
const STAFF = [
  ["#/kwo", "nav.kwo"],
  ["#/operators", "nav.operators"],
];

/** How the server is called: the page comes with it. */
const NAME = document.title;

// Links of a match have a path of their own, which programs that show a preview of it can read.
if (location.pathname !== "/") history.replaceState(null, "", `/#${location.pathname}`);

const main = document.getElementById("main");
let cleanUp = null;
let turn = 0;
/** The seasons as far as the server has told them. */
let games = [];

/** Show the page of the address in force. */
async function show() {
  turn += 1;
  const mine = turn;
  cleanUp?.();
  cleanUp = null;
  const [page, ...words] = location.hash.replace(/^#\/?/, "").split("?")[0].split("/").map(decoded);
  frame();
  const load = PAGES[page] || PAGES[""];
  // A page that is left while it still asks the server goes on in a place of its own, which nobody sees any more.
  const place = h("div");
  try {
    const module = await loaded(load);
    if (mine !== turn) return;
    fill(main, place);
    const done = await module.render(place, ...words);
    if (mine === turn) cleanUp = done || null;
    else done?.();
  } catch (error) {
    fill(place, h("p", { class: "bad" }, error.message));
    if (mine === turn) fill(main, place);
  }
  if (mine !== turn) return;
  const heading = place.querySelector("h1")?.textContent;
  document.title = heading ? `${heading} · ${NAME}` : NAME;
  preload(Object.values(PAGES));
}

/** A word of the address; one that is damaged stands for itself. */
function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function frame() {
  document.querySelectorAll("[data-text]").forEach((node) => fill(node, t(node.dataset.text)));
  navigation();
  const who = account
    ? [h("a", { id: "my-name", href: "#/account" }, account.name)]
    : [h("a", { href: way() }, t("account.come"))];
  fill(document.getElementById("who"), who);
}

/** Where to come in: from the first page on itself, from any other with the way back. */
function way() {
  const { hash } = location;
  if (hash.startsWith("#/come")) return hash;
  return hash.length > 2 ? `#/come/${encodeURIComponent(hash)}` : "#/";
}

/** The links above every page. Those to the games come as soon as the server has told them. */
function navigation() {
  const here = location.hash || "#/";
  const staff = account && account.role !== "player" ? STAFF : [];
  const link = (address, text) => h("a", { href: address, "aria-current": here === address ? "page" : null }, text);
  refresh(
    document.getElementById("nav"),
    FIRST.map(([address, text]) => link(address, address === "#/chat" ? chatWords() : t(text))),
    games.map((season) => link(`#/season/${season.name}`, title(season))),
    [...LAST, ...staff].map(([address, text]) => link(address, t(text))),
  );
  // On a phone the links are a row that is wider than the window.
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!games.length) askForGames();
}

/** The chat with how much of it nobody has read. */
function chatWords() {
  const count = unread();
  return count ? [t("nav.chat"), h("span", { class: "unread" }, t("chat.unread", { count }))] : t("nav.chat");
}

async function askForGames() {
  games = await seasons().catch(() => []);
  if (games.length) navigation();
}

const select = document.getElementById("language");
select.addEventListener("change", async () => {
  await setLanguage(select.value).catch(() => notice(t("error.unreachable")));
  show();
});

// The address names the page, so a jump within the page must not go by the address.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

window.addEventListener("hashchange", () => {
  show();
  main.focus({ preventScroll: true });
});
onAccount(show);
onUnread(navigation);
onTalk((line) => {
  if (line?.direct && !line.mine) notice(t("chat.from", { name: line.from, text: line.text }));
});
show();
