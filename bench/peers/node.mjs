// What others would take, on Node: node node.mjs net-echo | net-all | ws-echo. Prints its port.
import net from "node:net";
import { createRequire } from "node:module";

const kind = process.argv[2];
if (kind === "ws-echo") {
  // From where it is installed, not from where this file is.
  const { WebSocketServer } = createRequire(`${process.cwd()}/`)("ws");
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 1024 });
  server.on("connection", (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  server.on("listening", () => console.log(server.address().port));
} else {
  const everybody = new Set();
  const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = "";
    everybody.add(socket);
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (kind === "net-echo") socket.write(`${line}\n`, "latin1");
        else for (const one of everybody) one.write(`${line}\n`, "latin1");
      }
    });
    socket.on("close", () => everybody.delete(socket));
    socket.on("error", () => {});
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => console.log(server.address().port));
}
