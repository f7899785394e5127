// The mini-games' own WebSocket in JSON, as any client may use it.

import { account } from "../account.js";
import { ask, openSocket } from "./api.js";
import { DEAD } from "./pulse.js";
import { randomHex } from "./random.js";
import { refusal, unreachable } from "./refusal.js";

/** Do what `work` does, or fail when that takes longer than a connection may be silent. */
function inTime(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(unreachable()), DEAD * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export class Invoker {
  /** Connect for one game (`inhousegame:dice`). `onpush(type, payload)` hears what nobody asked for. */
  static async open(gameId, onpush) {
    const made = new Invoker(gameId, onpush);
    await made.connected();
    return made;
  }

  constructor(gameId, onpush) {
    this.gameId = gameId;
    this.onpush = onpush;
    this.count = 0;
    this.waiting = new Map();
    this.prefix = randomHex(8);
    this.connection = null;
    this.socket = null;
    this.tries = 0;
  }

  /** Resolve to an open WebSocket: the one there is, or another when that has been lost. */
  connected() {
    this.connection ??= inTime(this.connect()).catch((error) => {
      this.tries += 1;
      this.connection = null;
      throw error;
    });
    return this.connection;
  }

  async connect() {
    const mine = this.tries;
    const { token } = await ask("/v1/sessions", {
      name: account.name,
      password: account.token,
      gameId: this.gameId,
    });
    // Who has left the page or given this try up needs it no more.
    if (this.tries !== mine) throw unreachable();
    const socket = openSocket(`/v1/ws?token=${encodeURIComponent(token)}`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(unreachable()));
    });
    if (this.tries !== mine) {
      socket.close();
      throw unreachable();
    }
    this.socket = socket;
    this.token = token;
    socket.addEventListener("message", ({ data }) => this.receive(data));
    socket.addEventListener("close", () => this.lost(socket));
    this.heartbeat = setInterval(() => socket.send("0"), 25000);
    return socket;
  }

  /** Nothing comes over a WebSocket any more: what was asked stays without an answer, the next question has another. */
  lost(socket) {
    if (socket !== this.socket) return;
    clearInterval(this.heartbeat);
    this.socket = null;
    this.connection = null;
    socket.close();
    for (const { reject } of this.waiting.values()) reject(unreachable());
    this.waiting.clear();
  }

  receive(data) {
    if (data === "1") return;
    const { i, t, p } = JSON.parse(data);
    const asked = this.waiting.get(i);
    if (!asked) {
      this.onpush(t, p);
      return;
    }
    this.waiting.delete(i);
    const error = t === "ERROR" ? (p.error ?? p) : p.success === false ? p.error : null;
    if (error) asked.reject(refusal(error.code, error.message ?? error.code ?? "refused"));
    else asked.resolve(p);
  }

  /** Ask and return the payload of the answer. Without one in time the connection counts as lost. */
  async ask(type, payload = {}) {
    const socket = await this.connected();
    this.count += 1;
    const i = `${this.prefix}:${this.count}`;
    const late = setTimeout(() => this.lost(socket), DEAD * 1000);
    return new Promise((resolve, reject) => {
      this.waiting.set(i, { resolve, reject });
      socket.send(JSON.stringify({ i, t: type, p: payload }));
    }).finally(() => clearTimeout(late));
  }

  close() {
    this.tries += 1;
    this.socket?.close();
  }
}
