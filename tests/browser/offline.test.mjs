// Kept on this phone: nothing before the press, then exactly the published list; rights, the checker and help without a
// signal; never anything of Speak and Follow; one press, or leaving, and it is all gone.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { after, before } from 'node:test';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBetween } from './lib/between.mjs';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as check from './lib/check.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';
import { inEveryWay, WAYS } from './lib/ways.mjs';
import { day, pattern, t } from './lib/words.mjs';

const NEVER = /^\/(speak|follow|leave|desk|api|health|sw\.js)($|[/?])/;
const STORY = {
  born: check.yearsAgo(16, 40), care: 'now', 'spell-from': check.yearsAgo(2), 'spell-basis': 'care_order',
  'spell-home': 'foster_carer', 'spell-council': 'this_council',
};
const TODAY = day(new Date().toLocaleDateString('en-CA'));

let server;
let browser;
const sites = [];
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  // The first answer waits until every page is compressed.
  await (await fetch(`${server.origin}/keep`, { headers: { 'accept-encoding': 'br' } })).text();
});
after(async () => {
  await browser?.close();
  // A test that failed has left its site open, and node would wait for it for ever.
  await Promise.all(sites.map((site) => site.stop()));
  await server?.stop();
});

// A phone, and a site of its own that can go away.
async function phone(options = {}) {
  const site = await startBetween(server);
  sites.push(site);
  const context = await newContext(browser, site, { ...PHONE, ...options });
  const opened = await openPage(context, site, { javaScript: options.javaScriptEnabled ?? true });
  return { site, context, ...opened, close: async () => { await context.close(); await site.stop(); } };
}

async function published(site) {
  return (await fetch(`${site.origin}/keep/list.json`)).json();
}

async function keep(page) {
  await page.goto('/keep');
  await young.button(page, 'keep.go').click();
  await young.button(page, 'keep.remove').waitFor();
}

/** The numbers that the page says, by the words around them. */
async function numbers(page) {
  const lines = (await page.getByRole('main').innerText()).split('\n');
  return (key) => Number(lines.map((line) => pattern(key).exec(line)).find(Boolean)?.[1]);
}

/** What this phone holds of the site. */
const held = (page) => page.evaluate(async () => {
  const caching = await Promise.all((await caches.keys()).map(async (name) => {
    const cache = await caches.open(name);
    const files = await Promise.all((await cache.keys()).map(async (request) => {
      const answer = await cache.match(request, { ignoreVary: true });
      const path = new URL(request.url).pathname + new URL(request.url).search;
      // The worker may delete the cache of an attempt that failed while it is read here.
      if (!answer) return { path, gone: true };
      return {
        path,
        bytes: (await answer.clone().arrayBuffer()).byteLength,
        policy: answer.headers.get('content-security-policy'),
        nonce: /nonce="([^"]+)"/.exec(await answer.text())?.[1],
      };
    }));
    return { name, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }));
  const workers = (await navigator.serviceWorker.getRegistrations()).map(({ scope, active }) => [scope, active?.scriptURL]);
  return { caches: caching, workers };
});

/** The copy is whole, holds nothing else, and is all there is. */
async function exactlyTheList({ page, context, cdp, site }) {
  const { version, files } = await published(site);
  const found = await held(page);
  assert.deepEqual(found.workers, [[`${site.origin}/`, `${site.origin}/sw.js`]]);
  assert.deepEqual(found.caches.map(({ name }) => name), [`pledge-${version}`]);
  const [{ files: kept }] = found.caches;
  assert.deepEqual(kept.map(({ path: at, bytes }) => [at, bytes]), files.map(({ path: at, bytes }) => [at, bytes]));
  assert.deepEqual(kept.filter(({ path: at }) => NEVER.test(at)), [], 'never kept');
  const others = (await leftovers(context, page, cdp, site)).filter((line) => !/^(cache_storage: |service_workers: |cache pledge-|service worker )/.test(line));
  assert.deepEqual(others, []);
  return { files, kept };
}

/** Nothing of the site is on this phone. The browser counts an emptied cache until the page that opened it is left. */
async function nothingLeft({ page, context, cdp, site }) {
  let left = await leftovers(context, page, cdp, site);
  assert.deepEqual(left.filter((line) => !/^(cache_storage|service_workers): /.test(line)), []);
  await page.goto('/nothing-here');
  await until(async () => {
    left = await leftovers(context, page, cdp, site);
    return left.length === 0;
  }).catch(() => assert.deepEqual(left, []));
}

async function nothingBeforeThePress({ page, context, cdp, site, seen }) {
  for (const address of ['/keep', '/', '/help', '/rights/visits', '/check', '/speak', '/follow', '/keep']) {
    await page.goto(address);
    if (address === '/check') await check.awake(page);
    if (address === '/keep') await young.button(page, 'keep.go').waitFor();
    assert.deepEqual(await leftovers(context, page, cdp, site), [], address);
  }
  const own = site.asked.filter((line) => /sw\.js|manifest|list\.json/.test(line));
  assert.deepEqual(own, [], 'no worker, no app');
  assert.deepEqual(faults(seen), []);
}

test('before the press there is no worker, no copy, no app and no storage, on any page', async () => {
  const mine = await phone();
  await nothingBeforeThePress(mine);
  await mine.close();
});

test('a control: a page that keeps itself without a press is found out', async () => {
  const mine = await phone();
  mine.site.change('/keep.js', (answer) => ({
    ...answer, body: `${answer.body}\nsetTimeout(() => document.getElementById('keep-go').click(), 50);`,
  }));
  mine.page.setDefaultTimeout(3_000);
  await assert.rejects(async () => {
    await nothingBeforeThePress(mine);
    await mine.page.goto('/help');
    await nothingBeforeThePress(mine);
  }, /cache pledge-|service worker|no worker|keep\.go|waitFor/);
  await mine.close();
});

test('one press keeps exactly the published list, and it is as large as the page said', async () => {
  const mine = await phone();
  const { page, seen, site } = mine;
  await page.goto('/keep');
  await young.button(page, 'keep.go').waitFor();
  const number = await numbers(page);
  const before = site.bytes();
  await young.button(page, 'keep.go').click();
  await young.button(page, 'keep.remove').waitFor();
  const { files, kept } = await exactlyTheList(mine);
  const pages = files.filter(({ path: at }) => !/^\/(pkg|check\/kit|search\/words|keep\.js|manifest)/.test(at)).length;
  assert.equal(number('keep.what'), pages);
  const room = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(room <= number('keep.room') * 1000 && room > number('keep.room') * 1000 - 30_000, `${room} bytes of room, ${number('keep.room')} KB said`);
  const data = site.bytes() - before;
  console.log(`Kept: ${files.length} files, ${data} bytes fetched, ${room} bytes on the phone.`);
  assert.ok(data <= number('keep.data') * 1000 && data > number('keep.data') * 500, `${data} bytes fetched, ${number('keep.data')} KB said`);
  for (const right of ['/rights/visits', '/help', '/check', '/check/kit', '/pkg/check.js', '/pkg/check_bg.wasm', '/search', '/search/words', '/pkg/search.js', '/pkg/search_bg.wasm', '/keep']) {
    assert.ok(files.some(({ path: at }) => at === right), `${right} is not in the list`);
  }
  const checker = kept.find(({ path: at }) => at === '/check');
  assert.ok(checker.nonce && checker.policy.includes(`'nonce-${checker.nonce}'`), 'the page and its policy are kept together');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'keep-said', 'what was said next has the focus');
  assert.ok((await page.locator('#keep-said').innerText()).includes(t('keep.kept', { date: TODAY })));
  assert.deepEqual(faults(seen), []);
  await mine.close();
});

test('a control: a page of Speak in the list is found out', async () => {
  const mine = await phone();
  const plant = (answer) => ({ ...answer, body: answer.body.replace('"files":[', '"files":[{"bytes":1,"etag":"x","path":"/speak"},') });
  mine.site.change('/sw.js', plant);
  await keep(mine.page);
  await assert.rejects(exactlyTheList(mine), /\/speak/);
  mine.site.change('/keep/list.json', plant);
  await assert.rejects(exactlyTheList(mine), /\/speak/);
  await mine.close();
});

const CUTS = {
  // A worker that starts anew does not know that the driver has switched off the signal, so the server goes as well.
  'the phone has no signal': {
    cut: async ({ context, site }) => { await context.setOffline(true); await site.away(); },
    mend: async ({ context, site }) => { await site.back(); await context.setOffline(false); },
  },
  'the server is gone': { cut: ({ site }) => site.away(), mend: ({ site }) => site.back() },
  'the server says it is down': {
    cut: ({ site }) => { site.down = true; }, mend: ({ site }) => { site.down = false; },
  },
};

for (const [name, { cut, mend }] of Object.entries(CUTS)) {
  test(`rights, a whole check and help are there when ${name}`, async () => {
    const mine = await phone();
    const { page, seen, site } = mine;
    await keep(page);
    const { files } = await published(site);
    await cut(mine);
    const label = t('keep.copy', { date: TODAY });
    for (const { path: at } of files.filter(({ path: at }) => !/^\/(pkg|check|search\/words|keep\.js|manifest)/.test(at))) {
      await page.goto(at);
      assert.equal((await page.locator('#copy strong').innerText()).trim(), label, at);
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, at);
      assert.equal(await sideways(page), 0, at);
    }
    await page.goto('/rights/visits');
    await page.getByRole('link', { name: t('rights.all') }).click();
    await page.waitForURL('**/rights');
    await page.goto('/help');
    for (const call of ['tel:999', 'tel:08001111']) assert.ok(await page.getByRole('main').locator(`a[href="${call}"]`).count(), call);

    await page.goto('/check');
    await check.awake(page);
    assert.equal((await page.locator('#copy strong').innerText()).trim(), label);
    await check.run(page, STORY);
    assert.ok((await check.resultText(page)).includes(t('check.status.eligible.legal')));

    // What is not kept is not shown; help is, and the address bar does not lie about whose page it is.
    for (const at of ['/speak', '/follow', '/nothing-here']) {
      await page.goto(at);
      assert.equal((await page.locator('#copy strong').innerText()).trim(), t('keep.down'));
      assert.ok(await page.getByRole('main').locator('a[href="tel:999"]').count());
    }
    await mend(mine);
    await exactlyTheList(mine);
    await page.goto('/rights/visits');
    assert.equal(await page.locator('#copy').count(), 0, 'with a signal it is the page itself');
    assert.deepEqual([...seen.violations, ...seen.errors, ...seen.foreign], []);
    await mine.close();
  });
}

test('without a copy nothing is there when the server is gone', async () => {
  const mine = await phone();
  await mine.page.goto('/help');
  await mine.site.away();
  await assert.rejects(mine.page.goto('/help'), /ERR_CONNECTION/);
  await mine.close();
});

test('sending, following and the desk add nothing to the copy', async () => {
  const mine = await phone();
  const { page, seen } = mine;
  await keep(page);
  const words = await young.sendView(page, { topic: 'home', said: 'Nobody asked me before I had to move.' });
  await exactlyTheList(mine);
  await young.thread(page, words);
  await page.goto('/desk/sign-in');
  await page.goto('/rights?from=here');
  await page.goto('/nothing-here');
  await page.goto('/rights/visits');
  await exactlyTheList(mine);
  const texts = await page.evaluate(async () => {
    const answers = await Promise.all((await caches.keys()).map(async (name) => {
      const cache = await caches.open(name);
      return Promise.all((await cache.keys()).map(async (request) => (await cache.match(request, { ignoreVary: true })).text()));
    }));
    return answers.flat().join('\n');
  });
  assert.ok(texts.includes(t('keep.title')) && !texts.includes('Nobody asked me') && !texts.includes(words.join(' ')));
  assert.deepEqual(faults(seen), []);
  await mine.close();
});

for (const signal of [true, false]) {
  test(`one press removes everything, ${signal ? 'with' : 'without'} a signal`, async () => {
    const mine = await phone();
    const { page, context, seen } = mine;
    await keep(page);
    await page.goto('/help');
    if (!signal) await context.setOffline(true);
    await page.goto('/keep');
    await young.button(page, 'keep.remove').click();
    await page.getByText(t('keep.removed')).waitFor();
    await context.setOffline(false);
    await nothingLeft(mine);
    await page.goto('/rights');
    await page.goto('/keep');
    await young.button(page, 'keep.go').waitFor();
    await nothingLeft(mine);
    assert.deepEqual([...seen.violations, ...seen.errors, ...seen.foreign], []);
    await mine.close();
  });
}

test('a control: removing the copy and leaving the worker is found out', async () => {
  const mine = await phone();
  mine.site.change('/keep.js', (answer) => ({ ...answer, body: answer.body.replace('await registration.unregister();', ';') }));
  await keep(mine.page);
  await young.button(mine.page, 'keep.remove').click();
  await mine.page.getByText(t('keep.removed')).waitFor();
  await assert.rejects(nothingLeft(mine), /service worker/);
  await mine.close();
});

// The other site cannot be reached from these tests, so leaving ends at the browser's own page.
async function leave(mine) {
  const gone = mine.page.waitForEvent('requestfailed', (request) => /^https:|\/leave(\?|$)/.test(request.url()));
  await young.link(mine.page, 'leave.link').click({ noWaitAfter: true });
  await gone;
  const page = await mine.context.newPage();
  await mine.page.close();
  await mine.context.setOffline(false);
  await page.goto('/nothing-here');
  return { ...mine, page, cdp: await mine.context.newCDPSession(page) };
}

const WORKER_ASLEEP = (answer) => ({ ...answer, body: answer.body.replace('pathname === KEPT.leave', 'false') });
const NO_HEADER = (answer) => {
  const { 'clear-site-data': _, ...headers } = answer.headers;
  return { ...answer, headers };
};
for (const [name, prepare, holds] of [
  ['with a signal', () => {}, true],
  ['by the header alone', ({ site }) => site.change('/sw.js', WORKER_ASLEEP), true],
  ['by the worker alone', ({ site }) => site.change('/leave', NO_HEADER), true],
  ['(a control) by neither', ({ site }) => { site.change('/sw.js', WORKER_ASLEEP); site.change('/leave', NO_HEADER); }, false],
]) {
  test(`leaving removes the copy: ${name}`, async () => {
    const mine = await phone();
    prepare(mine);
    await keep(mine.page);
    await mine.page.goto('/rights/visits');
    const then = await leave(mine);
    if (holds) await nothingLeft(then);
    else await assert.rejects(nothingLeft(then), /cache pledge-/);
    await mine.close();
  });
}

test('leaving removes the copy without a signal', async () => {
  const mine = await phone();
  await keep(mine.page);
  await mine.context.setOffline(true);
  await mine.page.goto('/rights/visits');
  await nothingLeft(await leave(mine));
  await mine.close();
});

async function until(holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `${holds}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

// A site whose help page has changed.
function newer(site, status = 200) {
  site.change('/help', (answer) => ({
    status, headers: { ...answer.headers, etag: '"newer"' }, body: answer.body.replace('<h1>', '<h1>Newer: '),
  }));
  const next = (answer) => ({
    ...answer,
    headers: { ...answer.headers, etag: '"newer"' },
    body: answer.body
      .replace(/"version":"[^"]+"/, '"version":"newer"')
      .replace(/\{"bytes":(\d+),"etag":"[^,]+","path":"\/help"/, (_, bytes) => `{"bytes":${Number(bytes) + 'Newer: '.length},"etag":"\\"newer\\"","path":"/help"`),
  });
  site.change('/sw.js', next);
  site.change('/keep/list.json', next);
}

test('a new version takes the place of the old one quietly, and fetches only what changed', async () => {
  const mine = await phone();
  const { page, site, context, seen } = mine;
  await keep(page);
  await exactlyTheList(mine);
  newer(site);
  site.asked.length = 0;
  await page.goto('/keep');
  await until(() => page.evaluate(async () => (await caches.keys()).join() === 'pledge-newer'));
  const fetched = site.asked.map((line) => line.split(' ')[1]).filter((at) => at !== '/sw.js').sort();
  assert.deepEqual([...new Set(fetched)].filter((at) => !['/check', '/search', '/help', '/keep', '/keep.js', '/manifest.webmanifest'].includes(at)), []);
  assert.ok(fetched.includes('/help'), `${fetched}`);
  await exactlyTheList(mine);
  await young.button(page, 'keep.remove').waitFor();
  await context.setOffline(true);
  await page.goto('/help');
  assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /^Newer: /);
  assert.deepEqual([...seen.violations, ...seen.errors, ...seen.foreign], []);
  await mine.close();
});

test('a new version that does not come whole leaves the old one as it was', async () => {
  const mine = await phone();
  const { page, site } = mine;
  await keep(page);
  const before = (await held(page)).caches;
  newer(site, 500);
  await page.goto('/keep');
  await until(() => site.asked.filter((line) => line === 'GET /help').length > 1);
  // An attempt may be under way at any moment: between two of them there is the old copy alone.
  let after;
  await until(async () => {
    after = (await held(page)).caches;
    return after.length === 1;
  });
  assert.deepEqual(after, before);
  await mine.close();
});

test('pages that do not come are not half kept', async () => {
  const mine = await phone();
  mine.site.change('/help', (answer) => ({ ...answer, status: 500 }));
  await mine.page.goto('/keep');
  await young.button(mine.page, 'keep.go').click();
  await mine.page.getByText(t('keep.failed')).waitFor();
  mine.site.asBefore();
  await nothingLeft(mine);
  await mine.page.goto('/keep');
  await young.button(mine.page, 'keep.go').click();
  await young.button(mine.page, 'keep.remove').waitFor();
  await exactlyTheList(mine);
  await mine.close();
});

test('a phone that keeps the pages can put them on its home screen, any other is not asked', async () => {
  const mine = await phone();
  const { page, cdp } = mine;
  // A window that keeps no history may not install, and says so.
  const hindrances = async () => (await cdp.send('Page.getInstallabilityErrors')).installabilityErrors
    .map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
  await page.goto('/keep');
  await young.button(page, 'keep.go').waitFor();
  assert.ok((await hindrances()).length > 0, 'not before the press');
  await young.button(page, 'keep.go').click();
  await young.button(page, 'keep.remove').waitFor();
  const { data, errors } = await cdp.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.name, t('site.name'));
  assert.equal(manifest.start_url, '/');
  assert.deepEqual(await hindrances(), []);
  for (const { src, sizes } of manifest.icons.filter(({ sizes }) => sizes !== 'any')) {
    const drawn = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    assert.equal(drawn, sizes);
  }
  await page.goto('/rights');
  assert.ok((await hindrances()).length > 0, 'no other page offers it');
  await mine.close();
});

test('without scripts the page offers print and one file, which opens anywhere', async () => {
  const mine = await phone({ javaScriptEnabled: false });
  const { page, site, seen } = mine;
  await page.goto('/keep');
  assert.ok(await page.getByText(t('keep.no-script')).isVisible());
  assert.equal(await young.button(page, 'keep.go').isVisible(), false);
  assert.equal(await young.button(page, 'keep.remove').isVisible(), false);
  const before = site.bytes();
  const [download] = await Promise.all([page.waitForEvent('download'), young.link(page, 'keep.file').click()]);
  assert.equal(download.suggestedFilename(), 'pledge.html');
  const folder = mkdtempSync(path.join(tmpdir(), 'pledge-file-'));
  const file = path.join(folder, 'pledge.html');
  await download.saveAs(file);
  const said = (await numbers(page))('keep.file-size');
  const sent = site.bytes() - before;
  console.log(`One file: ${sent} bytes sent, ${readFileSync(file).length} bytes saved.`);
  assert.ok(sent <= said * 1000 && sent > said * 1000 - 1000, `${sent} bytes sent, ${said} KB said`);
  assert.deepEqual(faults(seen), []);

  const context = await browser.newContext({ ...PHONE, offline: true });
  const opened = await openPage(context, { origin: 'null' });
  await opened.page.goto(String(pathToFileURL(file)));
  assert.deepEqual(opened.seen.requests, []);
  assert.deepEqual(faults(opened.seen), []);
  assert.equal(await sideways(opened.page), 0);
  await opened.page.getByRole('link', { name: t('rights.all'), exact: true }).first().click();
  // Its own policy holds where no header does: what asks for something elsewhere and what runs is stopped.
  const stopped = await opened.page.evaluate(async () => {
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const image = document.createElement('img');
    image.src = 'https://other.example/x.png';
    document.body.append(image);
    await new Promise((done) => setTimeout(done, 200));
    return seen;
  });
  assert.deepEqual(stopped, ['img-src']);
  await context.close();
  // All pages in one are long, and each of them is looked at in every way by itself.
  const looked = await browser.newContext({ ...PHONE, offline: true, bypassCSP: true });
  const again = await openPage(looked, { origin: 'null' });
  await again.page.goto(String(pathToFileURL(file)));
  const narrowAndDark = WAYS.filter(({ name }) => ['320 px', 'dark'].includes(name));
  assert.deepEqual(await inEveryWay(again.page, narrowAndDark), []);
  await looked.close();
  rmSync(folder, { recursive: true });
  await mine.close();
});

test('axe finds nothing on the page in any of its states, nor on a page from the copy', async () => {
  const mine = await phone({ bypassCSP: true });
  const { page, site } = mine;
  const found = [];
  const look = async (state) => {
    found.push(...(await inEveryWay(page)).map((line) => `${state} ${line}`));
  };
  await keep(page);
  await look('kept');
  await site.away();
  await page.goto('/rights/visits');
  await look('a page from the copy');
  await page.goto('/speak');
  await look('help in place of a page');
  await page.goto('/keep');
  await young.button(page, 'keep.remove').click();
  await page.getByText(t('keep.removed')).waitFor();
  await look('removed');
  await young.button(page, 'keep.go').click();
  await page.getByText(t('keep.failed')).waitFor();
  await look('failed');
  assert.deepEqual(found, []);
  await mine.close();
});
