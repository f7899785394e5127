// Where programs connect: the open protocols, each with a line to try it.

import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";

export async function render(main) {
  const { doors: protocols } = await ask("/api/status");
  fill(
    main,
    h("h1", {}, t("clients.title")),
    h("p", { class: "soft" }, t("clients.about")),
    h(
      "ul",
      { class: "plain", id: "endpoints" },
      protocols.map(({ key, endpoint, hint }) =>
        h("li", {}, h("strong", {}, key), " ", h("span", { class: "soft" }, endpoint), h("br"), h("code", {}, hint)),
      ),
    ),
  );
}
