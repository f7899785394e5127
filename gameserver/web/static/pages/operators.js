// What operators see and do: everything at once, what they look for, one player, one match.

import { account } from "../account.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { render as found } from "./operators/found.js";
import { render as match } from "./operators/match.js";
import { render as overview } from "./operators/overview.js";
import { render as player } from "./operators/player.js";

const VIEWS = { find: found, player, match };

export function render(main, view, what) {
  if (!account || account.role === "player") {
    fill(main, h("p", {}, t("operators.only")));
    return null;
  }
  return (VIEWS[view] ?? overview)(main, what);
}
