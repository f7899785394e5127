// A game as a board sees it: the objects rebuilt from events, whose seat this is, and how to act.
//
// A board module has `create(view)` and returns {node, draw(), actions(), standing(player), state()}: the drawing, a
// function that brings it up to date, the buttons that make sense now, a player's standing and the game's in words.
// It may have tell(event), which returns sentences for an event that means something particular in this game, null for
// any other, and points(player), by which the places at the end are.
// A board that is `long` may be longer than a page, so the buttons stand above it.

import { isTrue, many, Model } from "../net/model.js";

/** `OK - drawCard`, `OK - choose(Field:a,b)`; anything longer is a remark. */
const PROMPT = /^OK - (\w+)(?:\(([^)]*)\))?$/;

export class View {
  /** A game of a season, seen by somebody. `send(action, properties)` speaks to the server; `refresh()` redraws the buttons. */
  constructor(season, name, send, refresh) {
    this.season = season;
    this.name = name;
    this.model = new Model(season.collections);
    this.prompt = null;
    this.choice = null;
    /** Whether what is asked may be declined. The remark before the prompts says so. */
    this.optional = false;
    this.remark = "";
    /** The choice that an answer has been sent to. */
    this.answered = null;
    /** Whether the server has not answered what was sent last. */
    this.pending = false;
    /** The id of the element that gets the keyboard's focus once it is there. */
    this.wanted = null;
    this.send = send;
    this.refreshActions = refresh;
  }

  /** The assets of the person at this page, or null. */
  me() {
    return this.players().find((player) => player.user?.nickname === this.name) || null;
  }

  players() {
    return many(this.model.root, "users");
  }

  /** Whose turn it is, or null; games call it by one of two names. */
  current() {
    const { root } = this.model;
    return root?.currentPlayer ?? root?.currentUser ?? null;
  }

  visitor() {
    const me = this.me();
    return !me || isTrue(me.visitor);
  }

  running() {
    return isTrue(this.model.root?.running);
  }

  /** Whether the game has been decided. */
  over() {
    return Boolean(this.model.root?.winner) && !this.running();
  }

  /** Whether the server waits for this seat. */
  myTurn() {
    return this.prompt !== null && this.running() && !this.visitor();
  }

  /** Where somebody at the keyboard goes on: an element, as soon as it is there. */
  focusSoon(id) {
    this.wanted = id;
  }

  /** Send a command of the game. In a game by turns the next one waits for its answer: a double click is one click. */
  act(action, properties) {
    if (this.pending && !this.season.real_time) return;
    this.pending = true;
    this.wanted = null;
    this.answered = this.choice ?? this.answered;
    this.choice = null;
    this.remark = "";
    this.send(action, properties);
  }

  /** Take over one event of the server. Returns a sentence for the log, or null. */
  take(event) {
    const { "@src": source, "@prop": prop, "@nv": value } = event;
    this.pending = false;
    if (source === "SERVER") return this.hear(value ?? "");
    if (/^(PUBLIC_|USER_|TEAM_)?MESSAGE$/.test(prop) && !source.includes("@")) return `${source}: ${value}`;
    this.model.apply(event);
    const others = (prop === "currentPlayer" || prop === "currentUser") && value && value !== this.me()?.id;
    if (others || (prop === "running" && value === "false")) {
      this.prompt = null;
      this.choice = null;
      this.answered = null;
      this.remark = "";
    }
    return null;
  }

  hear(text) {
    if (text.startsWith("ERROR: ")) {
      // What was refused is no answer: the choice is still to be made.
      this.choice ??= this.answered;
      return `⚠ ${text.slice(7)}`;
    }
    const prompt = PROMPT.exec(text);
    if (!prompt) {
      this.remark = text;
      return text.replace(/^OK - /, "");
    }
    const [, step, values] = prompt;
    this.optional = this.remark.endsWith(", or END_PLAY") || step === "offer";
    this.answered = null;
    const listed = /^(\w+):(.*)$/.exec(values || "");
    if (step === "choose" && listed) this.choice = { kind: listed[1], options: listed[2].split(",") };
    else this.choice = null;
    this.prompt = text.slice(5);
    return null;
  }
}
