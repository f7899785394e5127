// What a player of CreepSmash buys: creeps for the neighbour, towers for himself.

import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { isTrue, many } from "../../net/model.js";

const STRATEGIES = ["CLOSEST", "FASTEST", "STRONGEST", "FARTHEST", "WEAKEST"];

/** The description of a level of a kind of tower, or undefined while it is not known. */
export function levelOf(view, type, level) {
  const family = many(view.model.root?.guide, "towerDescriptions").find((mapping) => mapping.key === type);
  return many(family, "value").find((one) => Number(one.level) === Number(level ?? 0)) ?? many(family, "value")[0];
}

/** The buttons that make sense now. `tool` is {family, tower}; `redraw` shows a change of it. */
export function controls(view, tool, redraw) {
  const me = view.me();
  if (!me || view.visitor() || !view.running()) return [];
  const balance = Number(me.balance ?? 0);
  const { guide } = view.model.root;
  if (tool.tower && !tool.tower.cell) tool.tower = null;
  return [
    h(
      "div",
      { class: "row", role: "group", "aria-label": t("creepsmash.towers") },
      many(guide, "towerDescriptions").map((mapping) => {
        const [first] = many(mapping, "value");
        return h(
          "button",
          {
            "data-tower": mapping.key,
            class: tool.family === mapping.key ? "on" : null,
            "aria-pressed": String(tool.family === mapping.key),
            disabled: balance < Number(first?.price),
            title: t("creepsmash.tower.about", {
              about: first?.description ?? "",
              damage: first?.damage ?? "?",
              cells: (Number(first?.range ?? 0) / 20).toFixed(1),
            }),
            onclick: (event) => {
              tool.family = tool.family === mapping.key ? null : mapping.key;
              tool.tower = null;
              // A click that no pointer has made came from the keyboard, which goes on where the tower shall stand.
              if (tool.family && event.detail === 0) view.focusSoon("battlefield");
              redraw();
            },
          },
          `${first?.name ?? mapping.key} ${first?.price ?? ""}`,
        );
      }),
    ),
    h(
      "div",
      { class: "row", role: "group", "aria-label": t("creepsmash.creeps") },
      many(guide, "creepDescriptions").map((mapping, index) => {
        const [creep] = many(mapping, "value");
        return h(
          "button",
          {
            "data-creep": mapping.key,
            disabled: balance < Number(creep?.price),
            title: `${creep?.description} (+${creep?.income})`,
            onclick: () => view.act("CREATE_CREEP", { creeptype: mapping.key }),
          },
          `${index + 1} ${creep?.name ?? mapping.key} ${creep?.price ?? ""}`,
        );
      }),
    ),
    tool.tower
      ? tower(view, tool.tower, balance)
      : h("p", { class: "soft" }, t(tool.family ? "creepsmash.place" : "creepsmash.hint")),
  ];
}

function tower(view, one, balance) {
  const family = many(view.model.root.guide, "towerDescriptions").find((mapping) => mapping.key === one.type);
  const levels = many(family, "value");
  const now = levels.find((level) => Number(level.level) === Number(one.level));
  const next = levels.find((level) => Number(level.level) === Number(one.level) + 1);
  const strategy = h(
    "select",
    {
      id: "strategy",
      onchange: (event) => view.act("CHANGE_TOWER_STRATEGY", { tower: one.id, strategy: event.target.value }),
    },
    STRATEGIES.map((name) => h("option", { value: name }, t(`creepsmash.${name}`))),
  );
  strategy.value = one.strategy;
  const busy = isTrue(one.building) || isTrue(one.upgrading) || isTrue(one.selling);
  return h(
    "div",
    { class: "row" },
    h("strong", {}, now?.name ?? one.type),
    next
      ? h(
          "button",
          {
            id: "upgrade",
            disabled: busy || balance < Number(next.price),
            onclick: () => view.act("UPGRADE_TOWER", { tower: one.id, level: next.level }),
          },
          t("creepsmash.upgrade", { price: next.price }),
        )
      : null,
    h(
      "button",
      { id: "sell", disabled: busy, onclick: () => view.act("SELL_TOWER", { tower: one.id }) },
      t("creepsmash.sell", { price: now?.sellValue ?? "" }),
    ),
    h("label", {}, t("creepsmash.strategy"), strategy),
  );
}

/** The number by which a kind of creep is told apart on the battlefield and at its button; "" for an unknown one. */
export function numberOf(view, type) {
  const index = many(view.model.root?.guide, "creepDescriptions").findIndex(({ key }) => key === type);
  return index < 0 ? "" : index + 1;
}
