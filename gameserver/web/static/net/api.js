// The site's own HTTP API.

/** Ask and return the answer; an error of the server is thrown with its text. */
export async function ask(path, body, token) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({ text: response.statusText }));
  if (!response.ok) {
    const error = new Error(answer.text || answer.error?.message || response.statusText);
    error.code = answer.code;
    throw error;
  }
  return answer;
}

/** The WebSocket address of a path on this site. */
export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
