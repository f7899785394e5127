// Who this person is: an account, or a guest for whom the server makes a player that lasts a day.

import { ask } from "./net/api.js";
import { Lobby } from "./net/lobby.js";
import { firstSeason } from "./net/seasons.js";

const KEY = "gameserver.account";
const listeners = new Set();

/** The person: {name, role, token, secret, guest}, or null. `secret` is what the lobby takes as a password. */
export let account = JSON.parse(sessionStorage.getItem(KEY) || "null");

/** Call `listener` when somebody comes or goes; returns a function that ends that. */
export function onAccount(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next) {
  account = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener(next);
}

/** Make an account and come in with it; returns why its password is easy to guess, if it is. */
export async function signUp(name, password, email) {
  const { warning } = await ask("/api/accounts", { name, password, email: email || null });
  await logIn(name, password);
  return warning;
}

export async function logIn(name, password, guest = false) {
  const { name: written, role, token } = await ask("/api/login", { name, password });
  become({ name: written, role, token, secret: await sha1(password), guest });
}

/** Come without an account. */
export async function comeAsGuest() {
  const lobby = new Lobby(await firstSeason());
  try {
    const [line] = await lobby.say("CREATE TESTPLAYER");
    const { NICK, PASSWORD } = /NICK=(?<NICK>\S+) PASSWORD=(?<PASSWORD>\S+)/.exec(line).groups;
    await logIn(NICK, PASSWORD, true);
  } finally {
    lobby.close();
  }
}

/** A connection to the lobby of a season, logged in as this person; none is left open when that is refused. */
export async function enterLobby(season) {
  const lobby = new Lobby(season);
  try {
    await lobby.say(`LOGIN ${account.name} ${account.secret}`);
    return lobby;
  } catch (error) {
    lobby.close();
    throw error;
  }
}

export function logOut() {
  become(null);
}

/** Ask the site's API as this person; an old token ends the stay. */
export async function askAsMe(path, body) {
  try {
    return await ask(path, body, account?.token);
  } catch (error) {
    if (error.code === "bad_token" || error.code === "token_expired") logOut();
    throw error;
  }
}

/** The lobby accepts a password's SHA-1 in hex, so the password itself need not be kept where the browser can hash. */
async function sha1(text) {
  if (!crypto.subtle) return text;
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
