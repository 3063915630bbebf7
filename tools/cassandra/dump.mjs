// Prints every row of a keyspace, and the write time of every cell, as JSON: dump.mjs HOST:PORT KEYSPACE. The reader
// is DataStax's driver, which knows nothing of ours.
import cassandra from "cassandra-driver";

const [address, keyspace] = process.argv.slice(2);
const [host, port] = address.split(":");
const client = new cassandra.Client({
  contactPoints: [host],
  protocolOptions: { port: Number(port) },
  localDataCenter: "datacenter1",
  keyspace,
});
await client.connect();
const dump = {};
const tables = await client.execute(
  "SELECT columnfamily_name FROM system.schema_columnfamilies WHERE keyspace_name = ?",
  [keyspace],
  { prepare: true },
);
for (const { columnfamily_name: name } of tables.rows) {
  const table = await client.metadata.getTable(keyspace, name);
  const keys = new Set([...table.partitionKeys, ...table.clusteringKeys].map((key) => key.name));
  const cells = table.columns.map((column) => column.name).filter((column) => !keys.has(column));
  const columns = [...keys, ...cells, ...cells.map((cell) => `WRITETIME(${cell})`)].join(", ");
  dump[name] = (await client.execute(`SELECT ${columns} FROM ${name}`, [], { fetchSize: 100000 })).rows.map(plain);
}
console.log(JSON.stringify(dump));
await client.shutdown();

function plain(row) {
  return Object.fromEntries(Object.entries({ ...row }).map(([name, value]) => [name, text(value)]));
}

function text(value) {
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (value instanceof Date) return String(value.getTime());
  return value === null ? null : String(value);
}
