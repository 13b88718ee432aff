// A server between the browser and the one under test, under an address of its own. It can go away and come back, say
// that the other is down, and change what passes; and it tells what was asked for.

import http from 'node:http';

/**
 * Gives `origin`; `asked`, every request as `GET /path`; `bytes()` sent so far; `change(path, make)`, where `make` takes
 * and gives `{ status, headers, body }` of an answer; `down`, set to answer 502; `away()` and `back()`; `stop()`.
 */
export async function startBetween(server) {
  const changes = new Map();
  let sent = 0;
  const between = {
    asked: [],
    down: false,
    bytes: () => sent,
    change: (path, make) => { changes.set(path, make); },
    asBefore: () => changes.clear(),
  };
  const target = new URL(server.origin);
  const own = http.createServer(async (request, response) => {
    between.asked.push(`${request.method} ${request.url}`);
    if (between.down) {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<title>Bad gateway</title>');
      return;
    }
    const make = changes.get(new URL(request.url, server.origin).pathname);
    const headers = { ...request.headers };
    // What is changed must be readable, and there.
    if (make) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    const parts = [];
    for await (const part of request) parts.push(part);
    const onward = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers }, async (answer) => {
      const got = [];
      for await (const part of answer) got.push(part);
      let given = { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(got) };
      if (make) {
        given = make({ ...given, body: String(given.body) });
        given.headers = { ...given.headers, 'content-length': Buffer.byteLength(given.body) };
      }
      sent += given.body.length;
      response.writeHead(given.status, given.headers).end(given.body);
    });
    onward.on('error', () => response.destroy());
    onward.end(Buffer.concat(parts));
  });
  const listen = (port) => new Promise((done, failed) => {
    own.once('error', failed);
    own.listen(port, '127.0.0.1', done);
  });
  await listen(0);
  const { port } = own.address();
  const away = () => new Promise((done) => {
    own.close(done);
    own.closeAllConnections();
  });
  return Object.assign(between, {
    origin: `http://127.0.0.1:${port}`,
    away,
    back: () => listen(port),
    stop: () => (own.listening ? away() : undefined),
  });
}
