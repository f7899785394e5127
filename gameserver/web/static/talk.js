// The public room and direct messages, over one lobby connection that stays while somebody is logged in.

import { account, askAsMe, enterLobby, onAccount } from "./account.js";
import { mayReturn, Returning } from "./net/returning.js";
import { refusal } from "./net/refusal.js";
import { firstSeason } from "./net/seasons.js";
import { unheard } from "./said.js";

const MOST = 300;
const listeners = new Set();

/** What was said: {from, to, text, mine, direct, at, room}; `room` is "" for the public one, else the other person. */
export const lines = conversations();

/** How many lines of a room nobody has looked at, by room. */
const unseen = new Map();
const counters = new Set();

/** Messages to one person are in no history but this browser's, for as long as the tab is open. */
function key() {
  return `gameserver.talk.${account?.name}`;
}

function conversations() {
  const kept = JSON.parse(sessionStorage.getItem(key()) || "[]");
  return kept.map((line) => ({ ...line, at: new Date(line.at) }));
}

/** Call `listener()` when the number of lines that nobody has looked at has changed; returns how to end that. */
export function onUnread(listener) {
  counters.add(listener);
  return () => counters.delete(listener);
}

/** How many lines nobody has looked at: in a room, or in all of them. */
export function unread(room) {
  if (room !== undefined) return unseen.get(room) ?? 0;
  return [...unseen.values()].reduce((sum, count) => sum + count, 0);
}

/** Somebody has looked at a room. */
export function seen(room) {
  if (unseen.delete(room)) counters.forEach((listener) => listener());
}

let lobby = null;
let returning = null;

/** Call `listener(line)` for everything said, and `listener(null)` when what was said before has come; returns a function that ends that. */
export function onTalk(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The lobby connection of the first season, logged in; made anew when it has broken. */
export async function home() {
  if (!account) throw refusal("not_logged_in", "Come in first.");
  if (!lobby) lobby = connect();
  return lobby;
}

async function connect() {
  let made;
  try {
    made = await enterLobby(await firstSeason());
  } catch (error) {
    lobby = null;
    // A server that is away may come back; one that has refused would refuse again.
    if (error.unreachable) again();
    throw error;
  }
  made.onchat = hear;
  remember().catch(() => {});
  made.onclose = (reason) => {
    lobby = null;
    if (mayReturn(reason)) again();
  };
  return made;
}

/** Come back by itself, as long as somebody is here. */
function again() {
  if (account && (!returning || returning.ended)) {
    returning = new Returning(home, { waiting: () => {}, refused: () => {} });
  }
}

/** What was said in the public room before this page could hear it. */
async function remember() {
  const { messages } = await askAsMe("/api/room");
  const known = lines.filter((line) => !line.direct);
  for (const { from, text, at_ms: at } of unheard(known, messages)) {
    const line = { from, to: "ALL", text, mine: from === account?.name, direct: false, at: new Date(at), room: "" };
    const behind = lines.findIndex((other) => other.at > line.at);
    lines.splice(behind < 0 ? lines.length : behind, 0, line);
  }
  for (const listener of listeners) listener(null);
}

function hear({ from, to, text }) {
  const mine = from === "ME";
  const direct = to !== "ALL" && to !== "TEAM";
  const room = direct ? (mine ? to : from) : "";
  const line = { from: mine ? account?.name : from, to, text, mine, direct, at: new Date(), room };
  lines.push(line);
  if (lines.length > MOST) lines.shift();
  if (direct) sessionStorage.setItem(key(), JSON.stringify(lines.filter((one) => one.direct).slice(-MOST)));
  if (!mine) unseen.set(room, unread(room) + 1);
  for (const listener of listeners) listener(line);
  counters.forEach((listener) => listener());
}

export async function sayToAll(text) {
  await (await home()).say(`MSG ALL ${oneLine(text)}`);
}

export async function sayTo(name, text) {
  await (await home()).say(`MSG USER ${name} ${oneLine(text)}`);
}

function oneLine(text) {
  return text.replace(/[\r\n]+/g, " ");
}

onAccount(async (person) => {
  returning?.end();
  // Nobody reads what was said to somebody else in this browser.
  lines.splice(0, lines.length, ...conversations());
  unseen.clear();
  const old = lobby;
  lobby = null;
  if (old) (await old.catch(() => null))?.close();
  if (person) home().catch(() => {});
});
if (account) home().catch(() => {});
