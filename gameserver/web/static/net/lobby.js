// The Kassel lobby over WebSocket, exactly as any client may use it: one line a message.

import { openSocket } from "./api.js";

const CHAT = /^MSG FROM (\S+) TO (\S+): "(.*)"$/s;

/** Read a line like `GAME NAME=x EVENTS=0 PLAYERS=1/2` into an object. */
export function fields(line) {
  const found = {};
  for (const match of line.matchAll(/([A-Z]+)=([^=]*?)(?= [A-Z]+=|$)/g)) found[match[1]] = match[2];
  return found;
}

/** What a server that does not answer is told by, so that it can be told from a refusal. */
function unreachable(text) {
  return Object.assign(new Error(text), { unreachable: true });
}

export class Lobby {
  /** Connect to a season (see seasons.js). `onchat({from, to, text})`, `onevent(event)`, `onclose()` may be set at any time. */
  constructor(season) {
    this.waiting = [];
    this.lines = [];
    this.playing = false;
    this.onchat = () => {};
    this.onevent = () => {};
    this.onclose = () => {};
    this.socket = openSocket(season.path, ["kassel"]);
    this.ready = new Promise((resolve, reject) => {
      this.welcome = resolve;
      this.socket.addEventListener("error", () => reject(unreachable("no connection")));
    });
    this.socket.addEventListener("message", (message) => this.receive(message.data));
    this.socket.addEventListener("close", () => this.closed());
  }

  receive(text) {
    for (const line of text.split("\r\n").filter((part) => part !== "")) this.line(line);
  }

  line(line) {
    if (this.welcome) {
      this.timeout = Number(/Timeout set to (\d+)ms/.exec(line)?.[1] ?? 600000);
      this.heartbeat = setInterval(() => this.beat(), this.timeout / 2);
      const resolve = this.welcome;
      this.welcome = null;
      resolve(line);
      return;
    }
    if (line.startsWith('{"@ts":')) {
      this.onevent(JSON.parse(line));
      return;
    }
    const chat = CHAT.exec(line);
    if (chat) {
      this.onchat({ from: chat[1], to: chat[2], text: chat[3] });
      return;
    }
    const asked = this.waiting[0];
    if (!asked) return;
    if (line === "OK") {
      this.waiting.shift();
      if (asked.joins) this.playing = true;
      asked.resolve(this.lines.splice(0));
    } else if (line.startsWith("ERROR: ")) {
      this.waiting.shift();
      this.lines.length = 0;
      asked.reject(new Error(line.slice(7)));
    } else {
      this.lines.push(line);
    }
  }

  /** Send a lobby command; resolves with the lines before OK, rejects with the server's sentence. */
  async say(command) {
    await this.ready;
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject, joins: /^JOIN GAME /i.test(command) });
      this.socket.send(command);
    });
  }

  /** Send a command of the game; errors come back as events. */
  act(action, properties = {}) {
    const entry = Object.entries(properties).map(([key, value]) => ({ key, value: String(value) }));
    const command = { "@action": action };
    if (entry.length) command.properties = { entry: entry.length === 1 ? entry[0] : entry };
    this.socket.send(JSON.stringify(command));
  }

  beat() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.playing) this.act("NOOP");
    else this.say("NOOP").catch(() => {});
  }

  closed() {
    clearInterval(this.heartbeat);
    for (const asked of this.waiting.splice(0)) asked.reject(unreachable("the connection has ended"));
    this.onclose();
  }

  close() {
    this.onclose = () => {};
    this.socket.close();
  }
}
