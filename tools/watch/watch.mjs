// Watches users as browsers do, with the official client as it is: node watch.mjs PACKAGES [TRANSPORT]
// Takes a line for each user on its standard input, "USER URL [URL...]", and ends with it: the first address is gone
// to first, another one when a connection can't be had there. Writes a line for whatever a browser sees, "TIME USER
// KIND [DETAIL]", TIME in Unix milliseconds and KIND one of connected, list OFFSET, reconnecting [WHY], closed
// [WHY], error WHY.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const packages = createRequire(`${process.argv[2]}/`);
const { HttpTransportType, HubConnectionBuilder, LogLevel } = packages("@microsoft/signalr");
const transport = HttpTransportType[process.argv[3]];
const requestLimitMs = 10_000;
const firstPauseMs = 500;
const longestPauseMs = 8_000;
const flushMs = 5;
const connecting = 100; // at a time
const waiting = [];
let lines = [];
let free = connecting;

function say(user, kind, detail) {
  if (lines.length === 0) setTimeout(flush, flushMs);
  lines.push(`${Date.now()} ${user} ${kind}${detail === undefined ? "" : ` ${detail}`}\n`);
}

function flush() {
  process.stdout.write(lines.join(""));
  lines = [];
}

/** As the page does: doubling, half of it random. */
const pauseMs = (attempt) =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 10)) * (0.5 + 0.5 * Math.random());

/** Keeps a user's connection up, for ever. */
async function watch(user, urls) {
  for (let attempt = 0; ; attempt++) {
    const connection = connectionOf(user, urls[attempt % urls.length], urls.length > 1);
    const closed = new Promise((resolve) => connection.onclose(resolve));
    try {
      await turn();
      await connection.start().finally(next);
      await subscribe(user, connection);
      say(user, "closed", (await closed)?.message);
      attempt = 0;
    } catch (error) {
      say(user, "error", error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs(attempt + 1)));
  }
}

function connectionOf(user, url, hasOthers) {
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/recommendations?user=${encodeURIComponent(user)}`, { transport, timeout: requestLimitMs })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (context) => retryMs(context, hasOthers) })
    .configureLogging(LogLevel.None)
    .build();
  connection.on("Recommendations", (list) => say(user, "list", list.offset));
  connection.onreconnecting((error) => say(user, "reconnecting", error?.message));
  connection.onreconnected(() => subscribe(user, connection));
  return connection;
}

/** At once; then elsewhere, or later. */
function retryMs({ previousRetryCount: retries }, hasOthers) {
  if (retries === 0) return 0;
  return hasOthers ? null : pauseMs(retries);
}

/** One that is refused is made anew, after a while: the node may be one that has only just started. */
function subscribe(user, connection) {
  say(user, "connected");
  return connection.invoke("Subscribe", 5).catch((error) => {
    say(user, "error", error.message);
    return connection.stop();
  });
}

/** Waits until few enough others are connecting for the first time. */
const turn = () => (free > 0 ? void free-- : new Promise((resolve) => waiting.push(resolve)));

function next() {
  if (waiting.length > 0) waiting.shift()();
  else free++;
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [user, ...urls] = line.split(" ");
    void watch(user, urls);
  })
  .on("close", () => process.exit());
