// Where each Techmino release looks for its server, whether the visitor's own is here, and all rooms.

import { account, askAsMe } from "../account.js";
import { fill, h, refresh } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { poll } from "../poll.js";

export async function render(main) {
  const seen = h("p", { id: "client-seen", "aria-live": "polite" });
  const rooms = h("tbody", { id: "client-rooms" });
  const { releases } = await ask("/api/techmino/client");
  fill(
    main,
    h("h1", {}, t("techmino.client.title")),
    h("p", { class: "soft" }, t("techmino.client.about")),
    seen,
    h("pre", { id: "client-hosts" }, hostLines(releases)),
    table(
      ["techmino.client.releases", "techmino.client.host", "techmino.client.ports"],
      h(
        "tbody",
        {},
        releases.map(({ first, last, host, ports, named }) =>
          h(
            "tr",
            {},
            h("td", {}, first === last ? first : `${first} – ${last}`),
            h("td", {}, host, named ? "" : ` (${t("techmino.client.bare")})`),
            h("td", {}, ports.join(", ")),
          ),
        ),
      ),
    ),
    account ? email() : "",
    h("h2", {}, t("techmino.rooms")),
    table(["season.name", "techmino.client.releases", "season.players", "season.status"], rooms),
  );
  return poll(async () => {
    const [{ seen: where }, { rooms: open }] = await Promise.all([
      ask("/api/techmino/client"),
      ask("/api/techmino/rooms"),
    ]);
    fill(seen, where ? t("techmino.client.seen", { where }) : t("techmino.client.unseen"));
    seen.dataset.seen = where || "";
    refresh(rooms, open.length ? open.map(row) : h("tr", {}, h("td", { colspan: 4 }, t("techmino.none"))));
  }, 3);
}

/** The lines for a hosts file, if this page was asked for by an address that can stand in one. */
function hostLines(releases) {
  const here = location.hostname.replace(/^\[|\]$/g, "");
  const address = /^[0-9.]+$|:/.test(here) ? here : t("techmino.client.address");
  return [...new Set(releases.filter(({ named }) => named).map(({ host }) => `${address} ${host}`))].join("\n");
}

function table(heads, body) {
  const head = h(
    "tr",
    {},
    heads.map((name) => h("th", {}, t(name))),
  );
  return h("div", { class: "scroll", tabindex: 0 }, h("table", {}, h("thead", {}, head), body));
}

function row({ name, generation, version, private: locked, started, capacity, playing, watching }) {
  return h(
    "tr",
    {},
    h("td", {}, name),
    h("td", {}, version ? `${generation} (${version})` : generation),
    h("td", {}, `${playing}/${capacity}`, watching ? ` + ${watching}` : ""),
    h("td", {}, started ? t("state.running") : t("state.open"), locked ? " 🔒" : ""),
  );
}

/** The clients' login screens take only what looks like an e-mail address. */
function email() {
  const typed = h("input", { type: "email", id: "client-email", autocomplete: "email" });
  const told = h("p", { id: "client-told", "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    try {
      const { email: kept } = await askAsMe("/api/techmino/email", { email: typed.value.trim() });
      fill(told, t("techmino.client.login", { login: kept || `${account.name}@lan` }));
    } catch (error) {
      fill(told, error.message);
    }
  };
  return h(
    "section",
    {},
    h("h2", {}, t("techmino.client.email")),
    h("p", {}, t("techmino.client.email.how", { login: `${account.name}@lan` })),
    h(
      "form",
      { class: "row", onsubmit: send },
      h("label", { for: "client-email" }, t("techmino.client.email")),
      typed,
      h("button", { class: "primary", id: "client-keep" }, t("techmino.client.keep")),
    ),
    told,
  );
}
