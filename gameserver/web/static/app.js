// The frame around every page: navigation, language, who is logged in, and which page the address names.

import { account, logOut, onAccount } from "./account.js";
import { fill, h, notice } from "./dom.js";
import { language, setLanguage, t } from "./i18n.js";
import { onTalk } from "./talk.js";

/** Pages by the first word of the address; each module has `render(main, ...words)` that may return a clean-up. */
const PAGES = {
  "": () => import("./pages/home.js"),
  chat: () => import("./pages/chat.js"),
  season: () => import("./pages/season.js"),
  match: () => import("./pages/match.js"),
  replay: () => import("./pages/replay.js"),
  fair: () => import("./pages/fair.js"),
  techmino: () => import("./pages/techmino.js"),
  kwo: () => import("./pages/kwo.js"),
  operators: () => import("./pages/operators.js"),
};

const NAVIGATION = [
  ["#/", "nav.home"],
  ["#/chat", "nav.chat"],
  ["#/season/ss14", "nav.carcassonne"],
  ["#/season/ss13", "nav.catan"],
  ["#/season/ss12", "nav.creepsmash"],
  ["#/fair", "nav.fair"],
  ["#/techmino", "nav.techmino"],
];
const STAFF = [
  ["#/kwo", "nav.kwo"],
  ["#/operators", "nav.operators"],
];

const main = document.getElementById("main");
let cleanUp = null;
let turn = 0;

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
    const module = await load();
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
  document.title = heading ? `${heading} · gameserver` : "gameserver";
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
  const here = location.hash || "#/";
  const staff = account && account.role !== "player";
  const links = staff ? NAVIGATION.concat(STAFF) : NAVIGATION;
  fill(
    document.getElementById("nav"),
    links.map(([address, text]) =>
      h("a", { href: address, "aria-current": here === address ? "page" : null }, t(text)),
    ),
  );
  const who = account
    ? [
        h("span", { id: "my-name" }, account.name),
        " ",
        h("button", { id: "log-out", onclick: logOut }, t("account.leave")),
      ]
    : [h("a", { href: "#/" }, t("account.come"))];
  fill(document.getElementById("who"), who);
}

const select = document.getElementById("language");
select.value = language;
select.addEventListener("change", () => {
  setLanguage(select.value);
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
onTalk((line) => {
  if (line.direct && !line.mine) notice(t("chat.from", { name: line.from, text: line.text }));
});
show();
