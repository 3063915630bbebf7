// The same statements through the npm package cassandra-driver: one JSON command a line in, one JSON line out. Started by CassandraPeer.cs, which
// sets NODE_PATH to where the package is.
"use strict";
const readline = require("node:readline");
let driver;
try {
  driver = require("cassandra-driver");
} catch (error) {
  console.log(JSON.stringify({ problem: error.message.split("\n")[0] }));
  process.exit(0);
}
const { types } = driver;
let client;
let statements;
let blob;
let users;
let version;

async function connect({ address, dataCentre, connections, write, read, bytes, ...rest }) {
  client = new driver.Client({
    contactPoints: [address],
    localDataCenter: dataCentre,
    pooling: { coreConnectionsPerHost: { [types.distance.local]: connections }, maxRequestsPerConnection: 2048 },
    queryOptions: { consistency: types.consistencies.localQuorum, prepare: true },
  });
  await client.connect();
  statements = { write, read };
  blob = Buffer.alloc(bytes, 7);
  ({ users, version } = rest);
  return {};
}

const operations = {
  write: () =>
    client.execute(statements.write, [user(), blob, types.Long.fromString(String(++version))]),
  read: async () => {
    const result = await client.execute(statements.read, [user()]);
    if (result.rows.length > 0 && result.rows[0].data.length !== blob.length) throw new Error("A row has another length.");
  },
};

const user = () => `user-${Math.floor(Math.random() * users)}`;

/** So many callers, each asking again when it has its answer. */
async function load({ what, seconds, callers }) {
  const begin = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const end = begin + BigInt(Math.round(seconds * 1e9));
  const latencies = [];
  const operation = operations[what];
  const caller = async () => {
    for (let now = process.hrtime.bigint(); now < end; ) {
      await operation();
      const then = now;
      now = process.hrtime.bigint();
      latencies.push(Number(now - then) / 1e6);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const used = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)];
  return {
    operations: latencies.length,
    seconds: Number(process.hrtime.bigint() - begin) / 1e9,
    clientCpuSeconds: (used.user + used.system) / 1e6,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

const verbs = { connect, load };

async function main() {
  console.log(JSON.stringify({ version: require("cassandra-driver/package.json").version }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { do: verb, ...command } = JSON.parse(line);
    try {
      console.log(JSON.stringify(await verbs[verb](command)));
    } catch (error) {
      console.log(JSON.stringify({ problem: error.message }));
    }
  }
  await client?.shutdown();
}

main();
