// Techmino's endpoints as a browser may use them: credentials are parameters of the address.

import { openSocket } from "./api.js";
import { DEAD } from "./pulse.js";
import { unreachable } from "./refusal.js";

export class Endpoint {
  /** `ready` resolves with the Connect message. `onmessage` hears what nobody asked for. */
  constructor(name, credentials) {
    const query = new URLSearchParams(credentials);
    this.socket = openSocket(`/tech/socket/v1/${name}?${query}`);
    this.waiting = new Map();
    this.onmessage = () => {};
    this.ready = new Promise((resolve, reject) => {
      this.socket.addEventListener("message", async ({ data }) => {
        const message = JSON.parse(typeof data === "string" ? data : await data.text());
        if (message.type === "Connect") resolve(message);
        else if (message.type === "Error") reject(new Error(message.reason));
        this.receive(message);
      });
      this.socket.addEventListener("error", () => reject(unreachable()));
      this.socket.addEventListener("close", () => reject(unreachable()));
    });
    this.socket.addEventListener("close", () => {
      for (const { reject } of this.waiting.values()) reject(unreachable());
      this.waiting.clear();
    });
  }

  receive(message) {
    const asked = message.type === "Self" ? this.waiting.get(message.action) : undefined;
    if (asked) {
      this.waiting.delete(message.action);
      asked.resolve(message);
    } else this.onmessage(message);
  }

  send(action, data) {
    this.socket.send(JSON.stringify({ action, data }));
  }

  /** Send and return the answer to oneself; rejects with an error that is `unreachable` if there is none in time. */
  ask(action, data) {
    // A browser would wait for the answer to its farewell; nobody else does.
    const late = setTimeout(() => {
      this.waiting.get(action)?.reject(unreachable());
      this.waiting.delete(action);
      this.socket.close();
    }, DEAD * 1000);
    return new Promise((resolve, reject) => {
      this.waiting.set(action, { resolve, reject });
      this.send(action, data);
    }).finally(() => clearTimeout(late));
  }

  close() {
    this.socket.close();
  }
}

/** Log in: the user endpoint stays open, as with the game's own client. */
export async function enter(account) {
  const user = new Endpoint("user", { email: account.name, password: account.token });
  const { uid } = await user.ready;
  const { accessToken } = await user.ask(0);
  return { uid, accessToken, user };
}
