// Every probe of these tests must be able to fail: a page with planted faults, and each is reported. A page without any
// is reported clean by the same probes.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { newContext, startBrowser } from './lib/browser.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';

// No server is needed: every answer of this origin is made here.
const server = { origin: 'http://127.0.0.1:9' };
const CLEAN = '<!doctype html><html lang="en"><title>Clean</title><main><h1>Clean</h1><label>Colour <input id="colour" name="colour"></label></main></html>';
const POLICY = "default-src 'self' 'unsafe-inline'; style-src 'self'; img-src *";

let browser;
before(async () => { browser = await startBrowser(); });
after(() => browser?.close());

async function fixture(options = {}) {
  const context = await newContext(browser, server, options);
  await context.route(`${server.origin}/**`, (route) => {
    if (route.request().url().endsWith('/extra.js')) return route.fulfill({ contentType: 'text/javascript', body: '' });
    return route.fulfill({ contentType: 'text/html', body: CLEAN });
  });
  const opened = await openPage(context, server, { javaScript: options.javaScriptEnabled ?? true });
  await opened.page.goto('/');
  return { context, ...opened };
}

// The policy comes before what breaks it, as a header would.
const planted = (body) => CLEAN
  .replace('<title>', `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>`)
  .replace('</main>', `${body}</main>`);

test('a clean page is reported clean', async () => {
  const { context, page, seen, cdp } = await fixture();
  await page.setContent(CLEAN);
  assert.deepEqual(faults(seen), []);
  assert.equal(seen.requests.length, 1);
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await leftovers(context, page, cdp, server), []);
  assert.deepEqual((await axe(page)).violations, []);
  await context.close();
});

test('a request to another origin is reported', async () => {
  const { context, page, seen } = await fixture();
  await page.setContent(planted('<img alt="" src="http://elsewhere.invalid/dot.png">'));
  assert.ok(faults(seen).some((fault) => fault === 'request to another origin http://elsewhere.invalid/dot.png'), `${faults(seen)}`);
  await context.close();
});

test('an inline style against the policy is reported, by the page, the log and the audits', async () => {
  const { context, page, seen } = await fixture();
  await page.setContent(planted('<p style="color:red">Red</p><style>p { color: blue }</style>'));
  await page.waitForFunction(() => document.readyState === 'complete');
  const found = () => faults(seen).filter((fault) => fault.startsWith('policy'));
  await until(() => ['log:', 'audit:', 'style-src'].every((part) => found().some((fault) => fault.includes(part))), found);
  await context.close();
});

test('an inline style against the policy is reported without JavaScript too', async () => {
  const { context, page, seen } = await fixture({ javaScriptEnabled: false });
  await page.route('**/styled', (route) => route.fulfill({
    contentType: 'text/html', headers: { 'content-security-policy': POLICY }, body: planted('<p style="color:red">Red</p>'),
  }));
  await page.goto('/styled');
  await until(() => faults(seen).some((fault) => fault.startsWith('policy')), () => faults(seen));
  await context.close();
});

test('a line in the console, an exception and a broken link are reported', async () => {
  const { context, page, seen } = await fixture();
  await page.setContent(planted(`<script>console.error('planted'); console.warn('also planted'); throw new Error('thrown')</script>`));
  await page.route('**/gone', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.setContent(planted('<img alt="" src="/gone">'));
  for (const part of ['error: planted', 'warning: also planted', 'exception Error: thrown', 'status of 404']) {
    await until(() => faults(seen).some((fault) => fault.includes(part)), () => faults(seen));
  }
  await context.close();
});

test('only the browser\'s own line about a refused page is left out', async () => {
  const { context, page, seen } = await fixture();
  await page.route('**/refused', (route) => route.fulfill({ status: 422, contentType: 'text/html', body: planted('<img alt="" src="/refused-too">') }));
  await page.route('**/refused-too', (route) => route.fulfill({ status: 422, body: '' }));
  await page.goto('/refused');
  await until(() => faults(seen).length === 1, () => faults(seen));
  assert.match(faults(seen)[0], /status of 422/);
  await context.close();
});

test('a script file, a cookie and every kind of storage are reported', async () => {
  const { context, page, seen, cdp } = await fixture();
  await page.setContent(CLEAN.replace('</main>', '<script src="/extra.js"></script></main>'));
  assert.ok(seen.requests.some(({ kind }) => kind === 'script'));
  await page.evaluate(async () => {
    document.cookie = 'planted=1';
    localStorage.setItem('planted', '1');
    sessionStorage.setItem('planted', '1');
    await caches.open('planted');
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('planted');
      request.onsuccess = () => { request.result.close(); resolve(); };
      request.onerror = reject;
    });
  });
  const found = (await leftovers(context, page, cdp, server)).join('\n');
  for (const kind of ['cookie planted', 'localStorage planted', 'sessionStorage planted', 'database planted', 'cache planted']) {
    assert.ok(found.includes(kind), `${kind} is not in\n${found}`);
  }
  await context.close();
});

test('a page wider than the screen is reported', async () => {
  const { context, page } = await fixture({ viewport: { width: 320, height: 640 } });
  await page.setContent(CLEAN.replace('</main>', `<p>${'w'.repeat(100)}</p></main>`));
  assert.ok(await sideways(page) > 0);
  await context.close();
});

test('axe reports a field without a label, weak contrast, a missing language and an empty button', async () => {
  const { context, page } = await fixture({ bypassCSP: true });
  await page.setContent(CLEAN.replace(' lang="en"', '').replace('</main>', `
    <input type="text"><button></button><p style="color:#999;background:#fff">Hard to read</p>
    <p style="color:#6b6b6b;background:#fff">Rather hard to read</p></main>`));
  const found = (await axe(page)).violations.join('\n');
  for (const rule of ['label:', 'button-name:', 'color-contrast:', 'color-contrast-enhanced:', 'html-has-lang:']) assert.ok(found.includes(rule), `${rule} is not in\n${found}`);
  await context.close();
});

// Reports of the browser arrive a moment after what they are about.
async function until(holds, shown) {
  const end = Date.now() + 5_000;
  while (!holds()) {
    assert.ok(Date.now() < end, JSON.stringify(shown(), null, 2));
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
