// Colyseus: a room that sends a message back. Prints its port after a line for every seat, which is the path that its
// client asks for. node colyseus.mjs SEATS

import process from "node:process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , seats] = process.argv;
const from = createRequire(`${process.cwd()}/`);
const { Server, Room, matchMaker } = await import(pathToFileURL(from.resolve("@colyseus/core")));
const { WebSocketTransport } = await import(pathToFileURL(from.resolve("@colyseus/ws-transport")));

class Echo extends Room {
  onCreate() {
    this.maxClients = Number(seats) + 1;
    this.seatReservationTimeout = 600;
    this.autoDispose = false;
    this.patchRate = null;
    this.onMessage("m", (client, data) => client.send("m", data));
  }
}

const transport = new WebSocketTransport({ pingInterval: 0 });
const server = new Server({ transport, greet: false });
server.define("echo", Echo);
await server.listen(0, "127.0.0.1", 4096);
const room = await matchMaker.createRoom("echo", {});
for (let number = 0; number < Number(seats); number += 1) {
  const seat = await matchMaker.joinById(room.roomId, {});
  process.stdout.write(`/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}\n`);
}
process.stdout.write(`${transport.server.address().port}\n`);
