// The public room and direct messages, over one lobby connection that stays while somebody is logged in.

import { account, enterLobby, onAccount } from "./account.js";
import { mayReturn, Returning } from "./net/returning.js";
import { refusal } from "./net/refusal.js";
import { firstSeason } from "./net/seasons.js";

const MOST = 300;
const listeners = new Set();

/** What was said since the page was opened: {from, to, text, mine, direct, at}. */
export const lines = [];

let lobby = null;
let returning = null;

/** Call `listener(line)` for everything said; returns a function that ends that. */
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

function hear({ from, to, text }) {
  const line = {
    from: from === "ME" ? account?.name : from,
    to,
    text,
    mine: from === "ME",
    direct: to !== "ALL" && to !== "TEAM",
    at: new Date(),
  };
  lines.push(line);
  if (lines.length > MOST) lines.shift();
  for (const listener of listeners) listener(line);
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
  const old = lobby;
  lobby = null;
  if (old) (await old.catch(() => null))?.close();
  if (person) home().catch(() => {});
});
if (account) home().catch(() => {});
