// Everything at once: who is connected, games, limits, sanctions, the audit log.

import { account, askAsMe } from "../../account.js";
import { addLine, fill, h, notice, refresh } from "../../dom.js";
import { t } from "../../i18n.js";
import { rates } from "../../net/rates.js";
import { protocolsOf } from "../../player.js";
import { poll } from "../../poll.js";
import { doing, gameOf, matchView, moment, playerView, playerViews, search } from "./parts.js";

export function render(main) {
  const sessions = h("tbody", { id: "sessions" });
  const matches = h("tbody", { id: "matches" });
  const sanctions = h("tbody", { id: "sanctions" });
  const log = h("tbody", { id: "audit" });
  const limits = h("dl", { class: "facts" });
  const flows = h("tbody", { id: "rates" });
  const server = h("div", { class: "console", id: "server-log", tabindex: 0 });
  let last = "";
  fill(
    main,
    h("h1", {}, t("nav.operators")),
    search(),
    form(update),
    section(
      "operators.sessions",
      ["operators.player", "operators.protocol", "operators.address", "operators.state", "operators.since"],
      sessions,
    ),
    section("operators.rates", ["operators.protocol", "operators.messages", "operators.errors"], flows),
    section("operators.matches", ["season.name", "operators.game", "season.players", "season.status"], matches),
    section(
      "operators.sanctions",
      ["operators.kind", "operators.player", "operators.reason", "operators.by", "operators.until"],
      sanctions,
    ),
    h("section", {}, h("h2", {}, t("operators.limits")), limits),
    section(
      "operators.log",
      ["operators.at", "operators.by", "operators.action", "operators.player", "operators.reason"],
      log,
    ),
    account.role === "admin" ? h("section", {}, h("h2", {}, t("operators.server")), server) : null,
  );

  async function update() {
    const overview = await askAsMe("/api/operator/overview");
    refresh(
      sessions,
      overview.sessions.map((one) =>
        row([
          one.player ? playerView(one.player) : "–",
          protocolsOf([one.door]),
          one.address,
          doing(one),
          t("operators.seconds", one),
        ]),
      ),
    );
    refresh(
      matches,
      overview.matches.map((one) =>
        row([
          matchView(one),
          gameOf(one.game),
          one.players.length ? playerViews(one.players) : "–",
          t(one.running ? "state.running" : "state.open"),
        ]),
      ),
    );
    refresh(
      sanctions,
      overview.sanctions.map((one) =>
        row([
          t(`operators.kind.${one.kind}`),
          about(one.subject),
          one.reason || "–",
          one.by,
          moment(one.until_ms, t("operators.for.good")),
        ]),
      ),
    );
    refresh(
      limits,
      Object.entries(overview.limits).map(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]),
    );
    if (account.role === "admin") {
      const { lines } = await askAsMe("/api/operator/server-log");
      for (const line of lines.slice(lines.lastIndexOf(last) + 1)) addLine(server, h("div", {}, line));
      last = lines.at(-1) ?? "";
    }
    const found = await rates();
    refresh(
      flows,
      [...found].map(([protocol, { messages, errors }]) => row([protocol, messages.toFixed(1), errors.toFixed(1)])),
    );
    const { entries } = await askAsMe("/api/operator/log?limit=50");
    refresh(
      log,
      entries.map((one) => row([moment(one.at_ms), one.actor, one.action, about(one.subject), one.detail || "–"])),
    );
  }

  return poll(update, 5);
}

/** Who or what a mute, a ban or a line of the log is about. */
function about(text) {
  if (text.startsWith("name:")) return playerView(text.slice(5));
  return text || "–";
}

function section(title, heads, body) {
  return h(
    "section",
    {},
    h("h2", {}, t(title)),
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
            heads.map((head) => h("th", {}, t(head))),
          ),
        ),
        body,
      ),
    ),
  );
}

function row(cells) {
  return h(
    "tr",
    {},
    cells.map((cell) => h("td", {}, cell)),
  );
}

function form(update) {
  const actions = ["kick", "revoke", "mute", "ban", "ban_address", "lift_mute", "lift_ban"];
  const action = h(
    "select",
    { id: "action" },
    actions.map((one) => h("option", { value: one }, t(`operators.do.${one}`))),
  );
  const subject = h("input", { id: "subject", required: true });
  const reason = h("input", { id: "reason", class: "grow" });
  const minutes = h("input", { id: "minutes", type: "number", min: 1, max: 525600 });
  async function act(event) {
    event.preventDefault();
    try {
      const { known: somebody } = await askAsMe("/api/operator/act", {
        action: action.value,
        subject: subject.value,
        reason: reason.value,
        minutes: minutes.value ? Number(minutes.value) : null,
      });
      notice(t(somebody === false ? "operators.nobody" : "operators.done", { name: subject.value }));
      await update();
    } catch (error) {
      notice(error.message);
    }
  }
  return h(
    "form",
    { class: "row card", onsubmit: act },
    h("label", {}, t("operators.action"), action),
    h("label", {}, t("operators.subject"), subject),
    h("label", {}, t("operators.reason"), reason),
    h("label", {}, t("operators.minutes"), minutes),
    h("button", { class: "primary", id: "act" }, t("operators.act")),
  );
}
