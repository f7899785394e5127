// The Kassel lobby over WebSocket, exactly as any client may use it: one line a message.

import { openSocket } from "./api.js";
import { Pulse } from "./pulse.js";
import { refusal, unreachable } from "./refusal.js";
import { why } from "./returning.js";

/** With the word for the reason, which the server puts in front for pages. */
const REFUSED = /^ERROR: (?:\[(\w+)\] )?(.*)$/s;
const CHAT = /^MSG FROM (\S+) TO (\S+): "(.*)"$/s;

/** Read a line like `GAME NAME=x EVENTS=0 PLAYERS=1/2` into an object. */
export function fields(line) {
  const found = {};
  for (const match of line.matchAll(/([A-Z]+)=([^=]*?)(?= [A-Z]+=|$)/g)) found[match[1]] = match[2];
  return found;
}

export class Lobby {
  /**
   * Connect to a season (see seasons.js). `onchat({from, to, text})`, `onevent(event)`, `onclose(reason)` with a word
   * of `why`, `onquiet(seconds)` of silence, 0 when it is over, may be set at any time.
   */
  constructor(season) {
    this.waiting = [];
    this.lines = [];
    this.ended = false;
    this.onchat = () => {};
    this.onevent = () => {};
    this.onclose = () => {};
    this.onquiet = () => {};
    this.socket = openSocket(season.path, ["kassel.beat", "kassel"]);
    this.ready = new Promise((resolve, reject) => {
      this.welcome = resolve;
      this.refuse = reject;
    });
    // Whoever says something is told as well; nobody has to.
    this.ready.catch(() => {});
    this.pulse = new Pulse({
      onquiet: (seconds) => this.onquiet(seconds),
      ondead: () => {
        // A browser would wait for the answer to its farewell.
        this.closed("silent");
        this.socket.close();
      },
    });
    this.socket.addEventListener("error", () => this.refuse(unreachable()));
    this.socket.addEventListener("message", (message) => this.receive(message.data));
    this.socket.addEventListener("close", ({ code }) => this.closed(why(code)));
  }

  receive(text) {
    if (this.ended) return;
    this.pulse.heard();
    for (const line of text.split("\r\n").filter((part) => part !== "")) this.line(line);
  }

  line(line) {
    if (this.welcome) {
      const resolve = this.welcome;
      this.welcome = null;
      resolve(line);
      return;
    }
    if (line.startsWith('{"@ts":')) {
      const event = JSON.parse(line);
      // The server asks whether anybody is here.
      if (event["@src"] === "SERVER" && event["@prop"] === "BEAT") this.socket.send("");
      else this.onevent(event);
      return;
    }
    const chat = CHAT.exec(line);
    if (chat) {
      this.onchat({ from: chat[1], to: chat[2], text: chat[3] });
      return;
    }
    const asked = this.waiting[0];
    if (!asked) return;
    const refused = REFUSED.exec(line);
    if (line === "OK") {
      this.waiting.shift();
      asked.resolve(this.lines.splice(0));
    } else if (refused) {
      this.waiting.shift();
      this.lines.length = 0;
      asked.reject(refusal(refused[1], refused[2]));
    } else {
      this.lines.push(line);
    }
  }

  /** Send a lobby command; resolves with the lines before OK, rejects with what is refused (refusal.js). */
  async say(command) {
    await this.ready;
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(unreachable());
        return;
      }
      this.waiting.push({ resolve, reject });
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

  closed(reason) {
    if (this.ended) return;
    this.ended = true;
    this.pulse.stop();
    this.refuse(unreachable());
    for (const asked of this.waiting.splice(0)) asked.reject(unreachable());
    this.onclose(reason);
  }

  close() {
    this.onclose = () => {};
    this.pulse.stop();
    this.socket.close();
  }
}
