// The copy of the public pages that somebody asked for on /keep. Nothing else registers this worker.
//
// It keeps exactly the published list (/keep/list.json), which the server writes in here, and nothing that is visited:
// what is kept tells nobody which pages were read, or when.
const KEPT = 'the published list';
const COPY = `pledge-${KEPT.version}`;
const MAIN = '<main id="main">';
// A signal too weak to use is no signal.
const WAIT_MS = 4000;

addEventListener('install', (event) => event.waitUntil(take()));
addEventListener('activate', (event) => event.waitUntil(forget((name) => name !== COPY)));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/desk')) return;
  if (pathname === KEPT.leave) {
    event.waitUntil(Promise.all([registration.unregister(), forget(() => true)]));
    if (!navigator.onLine) event.respondWith(Response.redirect(KEPT.elsewhere, 303));
  } else if (KEPT.files.some(({ path }) => path === pathname)) {
    event.respondWith(networkFirst(request, pathname));
  } else if (request.mode === 'navigate') {
    event.respondWith(orHelp(request));
  }
});

// Takes the whole list or nothing. What has not changed comes from the copy before this one. `no-store` keeps the pages
// out of the browser's other cache, which the person could not empty by a press.
async function take() {
  const copy = await caches.open(COPY);
  const taken = await Promise.allSettled(KEPT.files.map(async ({ path, etag }) => {
    const before = await caches.match(path, { ignoreVary: true });
    // The page with the button is always fetched: its date is the date of the copy.
    if (path !== KEPT.page && before?.headers.get('etag') === etag) return copy.put(path, before);
    await before?.body?.cancel();
    const answer = await fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error' });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return copy.put(path, answer);
  }));
  const missed = taken.find(({ status }) => status === 'rejected');
  if (missed) {
    await forget((name) => name === COPY);
    throw missed.reason;
  }
  await skipWaiting();
}

// A cache that is open somewhere stays on the disk after its deletion, so what is in it goes too.
async function forget(which) {
  await Promise.all((await caches.keys()).filter(which).map(async (name) => {
    const cache = await caches.open(name);
    await caches.delete(name);
    await Promise.all((await cache.keys()).map((request) => cache.delete(request, { ignoreVary: true })));
  }));
}

async function networkFirst(request, path) {
  const network = fetch(request);
  const late = new Promise((done) => { setTimeout(done, WAIT_MS); });
  const first = await Promise.race([network.then(unlessDown), late]).catch(() => undefined);
  return first ?? await kept(path, KEPT.words.copy) ?? network;
}

// Any other page is never kept. When it cannot come, help does.
async function orHelp(request) {
  const network = fetch(request);
  const answer = await network.then(unlessDown).catch(() => undefined);
  return answer ?? await kept(KEPT.help, KEPT.words.down) ?? network;
}

const unlessDown = (answer) => (answer.status < 500 ? answer : undefined);
// What is found must be read or let go, or it stays open.
const find = (path) => caches.match(path, { cacheName: COPY, ignoreVary: true });

// What was kept, body and headers together; a page says of which day it is.
async function kept(path, label) {
  const found = await find(path);
  if (!found?.headers.get('content-type')?.startsWith('text/html')) return found;
  const page = await find(KEPT.page);
  await page.body.cancel();
  const day = new Date(page.headers.get('date')).toLocaleDateString(new Intl.Locale(KEPT.language, { region: 'GB' }), {
    day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London',
  });
  const headers = new Headers(found.headers);
  for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name);
  const html = await found.text();
  return new Response(html.replace(MAIN, () => MAIN + label.replace('{date}', day)), { headers });
}
