// Watches users as browsers do, with the official client as it is: node watch.mjs PACKAGES USER=URL...
// Writes a line of JSON for every list and every change of a connection; ends with its standard input.
import { createRequire } from "node:module";

const [packages, ...watched] = process.argv.slice(2);
const { HubConnectionBuilder, LogLevel } = createRequire(`${packages}/`)("@microsoft/signalr");

async function watch(user, url) {
  const say = (kind, more) => console.log(JSON.stringify({ at: Date.now(), user, kind, ...more }));
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/recommendations?user=${user}`)
    .withAutomaticReconnect()
    .configureLogging(LogLevel.None)
    .build();
  const subscribe = () => connection.invoke("Subscribe", 5).catch((error) => say("error", { detail: error.message }));
  connection.on("Recommendations", (list) => say("list", { offset: list.offset }));
  connection.onreconnecting((error) => say("reconnecting", { detail: error?.message }));
  connection.onreconnected(subscribe);
  connection.onclose((error) => say("closed", { detail: error?.message }));
  await connection.start();
  await subscribe();
}

process.stdin.resume().on("end", () => process.exit());
await Promise.all(watched.map((pair) => watch(...pair.split("="))));
