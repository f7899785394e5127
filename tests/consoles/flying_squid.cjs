// A small flat world on the port that is given, and with "bot" behind it a player who comes, speaks and goes.
const [port, role] = process.argv.slice(2);
if (role === "bot") {
  const player = require("mineflayer").createBot({
    host: "127.0.0.1",
    port: Number(port),
    username: "lition",
    auth: "offline",
    version: "1.16.1",
  });
  player.once("spawn", () => {
    player.chat("hello <b> | x 你好");
    setTimeout(() => player.quit(), 1000);
  });
  player.on("end", () => process.exit(0));
} else {
  require("flying-squid").createMCServer({
    motd: "test",
    port: Number(port),
    host: "127.0.0.1",
    "max-players": 4,
    "online-mode": false,
    logging: true,
    gameMode: 1,
    difficulty: 1,
    generation: { name: "superflat", options: { worldHeight: 80 } },
    kickTimeout: 10000,
    plugins: {},
    modpe: false,
    "view-distance": 2,
    "everybody-op": true,
    "max-entities": 10,
    "player-list-text": { header: "", footer: "" },
    version: "1.16.1",
  });
}
