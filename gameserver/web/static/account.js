// Who this person is: an account, or a guest for whom the server makes a player that lasts a day.
//
// The browser keeps a token and no password. The token is taken for the password at every protocol; it lasts as long as
// it is used, and all tabs have the same one.

import { notice } from "./dom.js";
import { t } from "./i18n.js";
import { ask } from "./net/api.js";
import { Lobby } from "./net/lobby.js";
import { firstSeason } from "./net/seasons.js";

const KEY = "gameserver.account";
const listeners = new Set();

/** The person: {name, role, token, guest}, or null. */
export let account = kept();

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** Call `listener` when somebody comes or goes; returns a function that ends that. */
export function onAccount(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next) {
  if (next) localStorage.setItem(KEY, JSON.stringify(next));
  else localStorage.removeItem(KEY);
  changed(next);
}

function changed(next) {
  account = next;
  for (const listener of listeners) listener(next);
}

// Coming and going in another tab is coming and going here.
addEventListener("storage", ({ key }) => {
  const next = kept();
  if ((key === KEY || key === null) && next?.token !== account?.token) changed(next);
});

/** Make an account and come in with it; returns why its password is easy to guess, if it is. A guest keeps all. */
export async function signUp(name, password, email) {
  const guest = account?.guest ? account.token : undefined;
  const { warning } = await ask("/api/accounts", { name, password, email: email || null }, guest);
  await logIn(name, password);
  return warning;
}

export async function logIn(name, password) {
  const { name: written, role, guest, token } = await ask("/api/login", { name, password });
  become({ name: written, role, guest, token });
}

/** Come without an account. */
export async function comeAsGuest() {
  const lobby = new Lobby(await firstSeason());
  try {
    const [line] = await lobby.say("CREATE TESTPLAYER");
    const { NICK, PASSWORD } = /NICK=(?<NICK>\S+) PASSWORD=(?<PASSWORD>\S+)/.exec(line).groups;
    await logIn(NICK, PASSWORD);
  } finally {
    lobby.close();
  }
}

/**
 * A connection to the lobby of a season, logged in as this person; none is left open when that is refused. `command` is
 * sent behind the login without waiting for it, which is a whole way to the server and back; `lobby.first` is its answer.
 */
export async function enterLobby(season, command = null) {
  // Who has gone while a page was asking for its season opens nothing.
  if (!account) throw new Error(t("season.come"));
  const lobby = new Lobby(season);
  try {
    const entered = lobby.say(`LOGIN ${account.name} ${account.token}`);
    if (command) {
      lobby.first = lobby.say(command);
      // Who is not let in is refused this as well, and told once.
      lobby.first.catch(() => {});
    }
    await entered;
    return lobby;
  } catch (error) {
    lobby.close();
    if (!error.unreachable) await stillIn();
    throw error;
  }
}

/** Ask whether the login still holds; one that has ended elsewhere ends here. */
async function stillIn() {
  await askAsMe("/api/login").catch(() => {});
}

/** Go, in this browser or `everywhere`: at every protocol, with all sessions and tokens. */
export async function logOut(everywhere = false) {
  const { token } = account;
  // Who wants to be out everywhere has to know that it was done; here it is enough to forget the token.
  if (everywhere) await ask("/api/logout", { everywhere }, token);
  else ask("/api/logout", {}, token).catch(() => {});
  become(null);
}

/** Forget who this was: the account is no more. */
export function leaveDeleted() {
  become(null);
}

/** Ask the site's API as this person; an old token ends the stay. */
export async function askAsMe(path, body) {
  const asked = account;
  try {
    return await ask(path, body, account?.token);
  } catch (error) {
    const ended = error.code === "bad_token" || error.code === "token_expired";
    if (ended && asked && account?.token === asked.token) {
      become(null);
      notice(t("account.ended"));
    }
    throw error;
  }
}

/** What has become of the account since the browser was closed: another role, or an end. */
async function renew() {
  const { role } = await askAsMe("/api/login");
  if (account && account.role !== role) become({ ...account, role });
}

if (account) renew().catch(() => {});
