// What others would take, on Node: node node.mjs net-echo | net-all | ws-echo | ws-all. Prints its port.

import net from "node:net";
import process from "node:process";
import { createRequire } from "node:module";

const [, , kind] = process.argv;
if (!["net-echo", "net-all", "ws-echo", "ws-all"].includes(kind)) throw new Error(`no ${kind}`);
const everybody = new Set();

function tell(server) {
  process.stdout.write(`${server.address().port}\n`);
}

function webSockets() {
  // From where it is installed, not from where this file is.
  const { WebSocketServer } = createRequire(`${process.cwd()}/`)("ws");
  const options = { host: "127.0.0.1", port: 0, backlog: 4096, perMessageDeflate: false };
  const server = new WebSocketServer(options);
  server.on("connection", (socket) => {
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, binary) => {
      for (const one of kind === "ws-echo" ? [socket] : server.clients) one.send(data, { binary });
    });
  });
  server.on("listening", () => tell(server));
}

function lines() {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = "";
    everybody.add(socket);
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      const whole = (rest + data).split("\n");
      rest = whole.pop();
      for (const line of whole) {
        for (const one of kind === "net-echo" ? [socket] : everybody) one.write(`${line}\n`, "latin1");
      }
    });
    socket.on("close", () => everybody.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => tell(server));
}

if (kind.startsWith("ws")) webSockets();
else lines();
