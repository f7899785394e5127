// The site's own HTTP API.

import { refusal, unreachable } from "./refusal.js";

/** Ask and return the answer; what is refused is thrown with its `code`. */
export async function ask(path, body, token) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  const answer = await response.json().catch(() => ({ text: response.statusText }));
  if (!response.ok) {
    throw refusal(answer.code ?? answer.error?.code, answer.text || answer.error?.message || response.statusText);
  }
  return answer;
}

const open = new Set();

/** A WebSocket to a path on this site. */
export function openSocket(path, protocols = []) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}${path}`, protocols);
  open.add(socket);
  socket.addEventListener("close", () => open.delete(socket));
  return socket;
}

// A browser may keep a page that was left, with its connections: to everybody else its person would still be here.
addEventListener("pagehide", () => open.forEach((socket) => socket.close()));
addEventListener("pageshow", (event) => event.persisted && location.reload());
