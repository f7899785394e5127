// Calling somebody whose turn it is: in the title, with a sound, with a notification. The last two only when wished.

import { h } from "../../dom.js";
import { t } from "../../i18n.js";

/** Where a browser keeps what its owner wishes. */
const SOUND = "match.sound";
const NOTIFY = "match.notify";

const MARK = "● ";

/** {node, look(mine), end()}: buttons for what is wished, and what is told whenever something has changed. */
export function attention(name) {
  let mine = false;
  let sound = localStorage.getItem(SOUND) === "on";
  let notify = localStorage.getItem(NOTIFY) === "on" && permission() === "granted";
  let context = null;
  let shown = null;
  const soundButton = h("button", { type: "button", id: "turn-sound", onclick: toggleSound });
  const notifyButton = h("button", { type: "button", id: "turn-notify", onclick: toggleNotify });
  const node = h("div", { class: "row wishes", role: "group", "aria-label": t("turn.wishes") }, soundButton);
  if (permission() !== null) node.append(notifyButton);
  label();

  function label() {
    soundButton.setAttribute("aria-pressed", String(sound));
    soundButton.textContent = t("turn.sound");
    notifyButton.setAttribute("aria-pressed", String(notify));
    notifyButton.textContent = t("turn.notify");
  }

  function toggleSound() {
    sound = !sound;
    localStorage.setItem(SOUND, sound ? "on" : "off");
    // Browsers let a page sound only after its owner has pressed something in it; this is such a press.
    if (sound) chime();
    label();
  }

  async function toggleNotify() {
    notify = !notify && (permission() === "granted" || (await Notification.requestPermission()) === "granted");
    localStorage.setItem(NOTIFY, notify ? "on" : "off");
    label();
  }

  /** Two short tones. */
  function chime() {
    context ??= new AudioContext();
    context.resume().catch(() => {});
    [660, 880].forEach((pitch, index) => {
      const begin = context.currentTime + 0.16 * index;
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.12, begin);
      loudness.gain.exponentialRampToValueAtTime(0.001, begin + 0.15);
      tone.connect(loudness).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + 0.16);
    });
  }

  function call() {
    if (sound) chime();
    if (!notify || !document.hidden) return;
    shown = new Notification(t("turn.yours"), { body: name, tag: `gameserver-turn-${name}` });
    shown.onclick = () => {
      window.focus();
      shown?.close();
    };
  }

  function title(on) {
    const plain = document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title;
    document.title = on ? MARK + plain : plain;
  }

  /** Whether it is this person's turn now. */
  function look(now) {
    if (now !== mine) {
      mine = now;
      if (mine) call();
      else shown?.close();
    }
    // The frame around the page gives it its title when it has been filled.
    if (document.title.startsWith(MARK) !== mine) title(mine);
  }

  return {
    node,
    look,
    end() {
      title(false);
      shown?.close();
      context?.close().catch(() => {});
    },
  };
}

/** What the browser's owner has said about notifications; null where there are none (they need https or localhost). */
function permission() {
  return typeof Notification === "function" && window.isSecureContext ? Notification.permission : null;
}
