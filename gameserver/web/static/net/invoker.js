// The mini-games' own WebSocket in JSON, as any client may use it.

import { account } from "../account.js";
import { ask, openSocket } from "./api.js";
import { randomHex } from "./random.js";
import { refusal, unreachable } from "./refusal.js";

export class Invoker {
  /** Connect for one game (`inhousegame:dice`). `onpush(type, payload)` hears what nobody asked for. */
  static async open(gameId, onpush) {
    const { token } = await ask("/v1/sessions", { name: account.name, password: account.token, gameId });
    const socket = openSocket(`/v1/ws?token=${encodeURIComponent(token)}`);
    const made = new Invoker(socket, token, onpush);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(unreachable()));
    });
    return made;
  }

  constructor(socket, token, onpush) {
    this.socket = socket;
    this.token = token;
    this.onpush = onpush;
    this.count = 0;
    this.waiting = new Map();
    this.prefix = randomHex(8);
    socket.addEventListener("message", ({ data }) => this.receive(data));
    socket.addEventListener("close", () => {
      for (const { reject } of this.waiting.values()) reject(unreachable());
      clearInterval(this.heartbeat);
    });
    this.heartbeat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("0"), 25000);
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

  /** Ask and return the payload of the answer. */
  ask(type, payload = {}) {
    this.count += 1;
    const i = `${this.prefix}:${this.count}`;
    return new Promise((resolve, reject) => {
      this.waiting.set(i, { resolve, reject });
      this.socket.send(JSON.stringify({ i, t: type, p: payload }));
    });
  }

  close() {
    this.socket.close();
  }
}
