/**
 * Open-loop load: requests leave at a fixed rate whether or not the answers of earlier ones are there. A request that
 * finds every connection busy waits, and its wait counts. Prints percentiles in ms as JSON.
 *
 * steady.mjs URL RATE SECONDS CONNECTIONS
 */
import net from 'node:net';
import tls from 'node:tls';

const [target, rateText, secondsText, connectionsText] = process.argv.slice(2);
const url = new URL(target);
const rate = Number(rateText);
const total = rate * Number(secondsText);
const head = Buffer.from(`GET ${url.pathname} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);

const latencies = new Float64Array(total);
let sent = 0;
let answered = 0;
let bad = 0;
/** Times at which requests became due and found no connection. */
const waiting = [];
const idle = [];

function connect() {
  const options = { host: url.hostname, port: Number(url.port), rejectUnauthorized: false };
  const socket = url.protocol === 'https:' ? tls.connect(options) : net.connect(options);
  const connection = { socket, dueAt: 0, buffered: '', left: 0, inBody: false };
  socket.setNoDelay(true);
  socket.on('data', (bytes) => read(connection, bytes.toString('latin1')));
  socket.on('error', () => {});
  socket.on('close', () => {
    if (connection.dueAt > 0) finish(connection, false);
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (answered < total) void connect();
  });
  return new Promise((resolve) =>
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      free(connection);
      resolve();
    }),
  );
}

function read(connection, text) {
  connection.buffered += text;
  if (!connection.inBody) {
    const end = connection.buffered.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(connection.buffered);
    connection.ok = connection.buffered.startsWith('HTTP/1.1 200');
    connection.left = end + 4 + Number(length?.[1] ?? 0);
    connection.inBody = true;
  }
  if (connection.buffered.length < connection.left) return;
  connection.buffered = '';
  connection.inBody = false;
  finish(connection, connection.ok);
  free(connection);
}

function finish(connection, ok) {
  latencies[answered] = performance.now() - connection.dueAt;
  answered += 1;
  if (!ok) bad += 1;
  connection.dueAt = 0;
  if (answered === total) report();
}

function free(connection) {
  const dueAt = waiting.shift();
  if (dueAt === undefined) idle.push(connection);
  else send(connection, dueAt);
}

function send(connection, dueAt) {
  connection.dueAt = dueAt;
  connection.socket.write(head);
}

function report() {
  latencies.sort();
  const at = (percent) => latencies[Math.min(total - 1, Math.floor((total * percent) / 100))];
  process.stdout.write(
    `${JSON.stringify({ rate, bad, p50: at(50), p99: at(99), p999: at(99.9), worst: latencies[total - 1] })}\n`,
  );
  process.exit(0);
}

await Promise.all(Array.from({ length: Number(connectionsText) }, connect));
const began = performance.now();
setInterval(() => {
  const now = performance.now();
  const due = Math.min(total, Math.floor(((now - began) * rate) / 1000));
  for (; sent < due; sent += 1) {
    const connection = idle.shift();
    if (connection === undefined) waiting.push(now);
    else send(connection, now);
  }
}, 1);
