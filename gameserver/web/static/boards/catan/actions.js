// The buttons beside the island: dice, cards, building, knights, improvements, trade, and answers to prompts.

import { h } from "../../dom.js";
import { known, t } from "../../i18n.js";
import { isTrue, many } from "../../net/model.js";
import { cost, goodIcon } from "./icons.js";
import { canPay, COSTS, GOODS, hand } from "./rules.js";

const TRACKS = { POLITICS: "COIN", SCIENCE: "PAPER", TRADE: "CLOTH" };

/** The controls that make sense now. `tool` is what is being placed; `redraw` shows a change of it. */
export function actions(view, tool, redraw, onMap) {
  if (!view.me() || view.visitor()) return [];
  const parts = [cards(view)];
  if (!view.myTurn()) return parts;
  const [step] = view.prompt.split("(");
  if (view.choice) parts.push(...choices(view, onMap));
  else if (step === "offer") parts.push(offer(view));
  else if (step === "rollDies") {
    parts.push(
      h("button", { class: "primary", id: "roll", onclick: () => view.act("ROLL_DIES") }, t("catan.roll")),
      ...progress(view),
    );
  } else if (step === "endTurn") parts.push(...turn(view, tool, redraw));
  if (view.optional) {
    parts.push(h("button", { id: "end-play", onclick: () => view.act("END_PLAY") }, t("catan.end.play")));
  }
  return parts;
}

function cards(view) {
  const held = Object.entries(hand(view.me())).filter(([, count]) => count);
  return h(
    "p",
    { class: "hand-cards", "aria-label": t("catan.hand") },
    held.length
      ? held.map(([good, count]) =>
          h("span", { class: `good-card ${good.toLowerCase()}` }, goodIcon(good), ` ${count} ${t(`good.${good}`)}`),
        )
      : t("catan.no.cards"),
  );
}

/** Options without a place on the board are buttons. */
function choices(view, onMap) {
  const { options } = view.choice;
  return options
    .filter((id) => !id.includes("@") || !onMap(id))
    .map((id) =>
      h("button", { class: "option", "data-option": id, onclick: () => view.act("CHOOSE", { id }) }, label(view, id)),
    );
}

function label(view, id) {
  if (!id.includes("@")) return known(`good.${id}`, id);
  const object = view.model.get(id);
  if (object.kind === "UserAssets") return object.user?.nickname ?? id;
  if (object.kind === "Card") return t(`good.${object.type}`);
  if (object.kind === "ProgressCard") return words(object.name);
  return object.kind;
}

function words(name) {
  return String(name).toLowerCase().replaceAll("_", " ");
}

function offer(view) {
  const card = h(
    "select",
    { id: "offer-card" },
    many(view.me(), "cards").map((one) => h("option", { value: one.id }, t(`good.${one.type}`))),
  );
  const user = h(
    "select",
    { id: "offer-user" },
    view
      .players()
      .filter((one) => one !== view.me() && !isTrue(one.visitor))
      .map((one) => h("option", { value: one.id }, one.user?.nickname)),
  );
  return h(
    "span",
    { class: "row" },
    card,
    user,
    h("button", { onclick: () => view.act("OFFER", { id: card.value, user: user.value }) }, t("catan.offer")),
  );
}

function progress(view) {
  return many(view.me(), "progressCards").map((card) =>
    h(
      "button",
      { class: "progress", "data-card": card.name, onclick: () => view.act("PLAY", { id: card.id }) },
      `▶ ${words(card.name)}`,
    ),
  );
}

function turn(view, tool, redraw) {
  const me = view.me();
  const choose = (piece) => () => {
    tool.knight = null;
    tool.piece = tool.piece === piece ? null : piece;
    redraw();
  };
  const builds = Object.entries(COSTS).map(([piece, price]) =>
    h(
      "button",
      {
        id: `build-${piece}`,
        "aria-pressed": String(tool.piece === piece),
        class: tool.piece === piece ? "on" : null,
        disabled: !canPay(me, price),
        onclick: choose(piece),
      },
      t(`catan.${piece}`),
      cost(price),
    ),
  );
  const improvements = Object.entries(TRACKS).map(([track, good]) => {
    const level = Number(me[track.toLowerCase()] ?? 0);
    return h(
      "button",
      {
        id: `improve-${track}`,
        disabled: level >= 5 || !canPay(me, { [good]: level + 1 }) || !many(me, "cities").length,
        onclick: () => view.act("UPGRADE_PROGRESS", { type: track }),
      },
      t("catan.improve", { track: t(`catan.${track}`), level: level + 1 }),
      level < 5 ? cost({ [good]: level + 1 }) : null,
    );
  });
  return [
    ...builds,
    ...improvements,
    ...many(me, "knights").flatMap((knight) => knightButtons(view, knight, tool, redraw)),
    ...progress(view),
    trade(view),
    h("button", { class: "primary", id: "end-turn", onclick: () => view.act("END_TURN") }, t("catan.end.turn")),
  ];
}

function knightButtons(view, knight, tool, redraw) {
  const name = t("catan.knight.level", { level: knight.level });
  const pay = (price) => canPay(view.me(), price);
  const use = () => {
    tool.piece = null;
    tool.knight = tool.knight === knight ? null : knight;
    redraw();
  };
  return [
    isTrue(knight.active)
      ? null
      : h(
          "button",
          { disabled: !pay({ GRAIN: 1 }), onclick: () => view.act("ACTIVATE_KNIGHT", { id: knight.id }) },
          `${name}: ${t("catan.activate")}`,
          cost({ GRAIN: 1 }),
        ),
    Number(knight.level) < 3
      ? h(
          "button",
          { disabled: !pay(COSTS.Knight), onclick: () => view.act("UPGRADE_KNIGHT", { id: knight.id }) },
          `${name}: ${t("catan.promote")}`,
          cost(COSTS.Knight),
        )
      : null,
    isTrue(knight.active)
      ? h("button", { class: tool.knight === knight ? "on" : null, onclick: use }, `${name}: ${t("catan.use")}`)
      : null,
  ];
}

function trade(view) {
  const select = (id) =>
    h(
      "select",
      { id, "aria-label": t(`catan.${id}`) },
      GOODS.map((good) => h("option", { value: good }, t(`good.${good}`))),
    );
  const give = select("give");
  const take = select("take");
  const held = hand(view.me());
  give.value = GOODS.reduce((best, good) => (held[good] > held[best] ? good : best), GOODS[0]);
  return h(
    "span",
    { class: "row trade" },
    give,
    "→",
    take,
    h(
      "button",
      { id: "trade", onclick: () => view.act("TRADE", { give: give.value, take: take.value }) },
      t("catan.trade"),
    ),
  );
}
