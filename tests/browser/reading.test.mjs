// Every public page: one request, few bytes, no script file, nothing left behind, and readable for everybody.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as check from './lib/check.mjs';
import * as young from './lib/journey.mjs';
import { look } from './lib/look.mjs';
import * as search from './lib/search.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';

const MOST_BYTES = 14_000;
// Finding a right, sending a view and getting the receipt, without the WASM.
const JOURNEY_BYTES = 60 * 1024;
// They load the WASM when they have been shown, so only the page itself is measured.
const ISLANDS = new Map([['/check', check], ['/search', search], ['/es/search', search], ['/ar/search', search]]);
// They have a script file of ours, because without one there is nothing they could do: address and file.
const SCRIPTED = new Map(['/keep', '/es/keep', '/ar/keep'].map((address) => [address, '/keep.js']));
// Every other page is in English.
const OTHERS = { es: 'ltr', ar: 'rtl' };

let server;
let browser;
let addresses;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const sitemap = await (await fetch(`${server.origin}/sitemap.xml`)).text();
  addresses = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the sitemap names the public pages', () => {
  for (const address of ['/', '/rights', '/pledge', '/help', '/privacy', '/you-said', '/committee', '/speak', '/follow', '/menu']) {
    assert.ok(addresses.includes(address), `${address} is not in the sitemap`);
  }
  for (const code of Object.keys(OTHERS)) {
    for (const own of ['', '/help', '/speak', '/follow', '/privacy']) assert.ok(addresses.includes(`/${code}${own}`), `${code}${own}`);
  }
  assert.ok(addresses.filter((address) => address.startsWith('/rights/')).length >= 20);
  assert.deepEqual(addresses, [...new Set(addresses)]);
});

test('each page is one small request and leaves nothing behind', async () => {
  const problems = [];
  const table = [];
  const context = await newContext(browser, server, { viewport: { width: 320, height: 640 } });
  const { page, seen, cdp, forget } = await openPage(context, server);
  for (const address of addresses) {
    const complain = (what) => problems.push(`${address}: ${what}`);
    forget();
    const answer = await page.goto(address);
    if (answer.status() !== 200) complain(`status ${answer.status()}`);
    let { bytes } = seen;
    if (ISLANDS.has(address)) {
      // What it still fetches would be counted for the next page.
      await ISLANDS.get(address).awake(page);
      const { responseHeadersSize, responseBodySize } = await answer.request().sizes();
      bytes = responseHeadersSize + responseBodySize;
    } else if (SCRIPTED.has(address)) {
      const asked = seen.requests.map(({ url }) => new URL(url).pathname);
      if (`${asked}` !== `${[address, SCRIPTED.get(address)]}`) complain(`asks for ${asked}`);
    } else {
      if (seen.requests.length !== 1) complain(`${seen.requests.length} requests: ${seen.requests.map(({ url }) => url)}`);
      if (seen.requests.some(({ kind, url }) => kind === 'script' || url.endsWith('.wasm'))) complain('loads a script');
    }
    if (bytes > MOST_BYTES) complain(`${bytes} bytes`);
    for (const fault of faults(seen)) complain(fault);
    for (const line of seen.console) complain(`console ${line}`);
    for (const found of await leftovers(context, page, cdp, server)) complain(`leaves ${found}`);
    if (await sideways(page) > 0) complain(`scrolls sideways by ${await sideways(page)} px at 320 px`);
    const { title, headings, language, direction, said, isPrivate } = await page.evaluate(() => ({
      title: document.title.trim(),
      headings: document.querySelectorAll('h1').length,
      language: document.documentElement.lang,
      direction: document.documentElement.dir,
      said: document.querySelector('meta[name=description]')?.content.trim() ?? '',
      isPrivate: 'private' in document.documentElement.dataset,
    }));
    if (!title) complain('has no title');
    if (Boolean(said) === isPrivate) complain(isPrivate ? 'is private and tells what it is about' : 'does not tell a search machine what it is about');
    if (headings !== 1) complain(`has ${headings} headings of level 1`);
    const [, code] = /^\/(\w\w)(?:\/|$)/.exec(address) ?? [];
    const wanted = code in OTHERS ? `${code} ${OTHERS[code]}` : 'en ltr';
    if (`${language} ${direction}` !== wanted) complain(`language ${language}, direction ${direction}`);
    table.push([bytes, (await answer.headerValue('content-encoding')) ?? 'as it is', address]);
  }
  await context.close();
  table.sort(([a], [b]) => b - a);
  console.log(`Bytes on the wire, headers included (at most ${MOST_BYTES}):`);
  for (const [bytes, encoding, address] of table) console.log(`${String(bytes).padStart(7)}  ${encoding.padEnd(8)}  ${address}`);
  assert.deepEqual(problems, []);
});

test('finding a right, sending a view and getting the receipt takes few bytes', async () => {
  const context = await newContext(browser, server, PHONE);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const addresses = new Map();
  const sizes = { pages: 0, bundle: 0 };
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => addresses.set(requestId, new URL(request.url).pathname));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    sizes[addresses.get(requestId)?.startsWith('/pkg/') ? 'bundle' : 'pages'] += encodedDataLength;
  });
  await cdp.send('Network.enable');
  await page.goto('/');
  await page.goto('/rights');
  await page.goto('/rights/visits');
  await young.button(page, 'rights.tell').click();
  await young.heading(page, 'speak.about.title');
  await young.button(page, 'speak.next').click();
  await young.heading(page, 'speak.say.title');
  await young.say(page, { said: 'I want to see my social worker more often.', feeling: 'okay', wish: 'A visit each month.' });
  await young.safe(page, {});
  await young.you(page, {});
  await young.send(page);
  await page.waitForLoadState('networkidle');
  await context.close();
  console.log(`A whole journey: ${sizes.pages} bytes (at most ${JOURNEY_BYTES}), and ${sizes.bundle} of WASM and its script`);
  assert.ok(sizes.bundle > 0, 'the WASM was counted apart');
  assert.ok(sizes.pages <= JOURNEY_BYTES, `${sizes.pages} bytes`);
});

test('every page can be used in all eight ways and by keyboard', { timeout: 1_200_000 }, async () => {
  const problems = [];
  const left = [...addresses];
  // Two at a time; each takes the next page.
  await Promise.all([1, 2].map(async () => {
    const context = await newContext(browser, server, { bypassCSP: true });
    const page = await context.newPage();
    for (let address = left.shift(); address; address = left.shift()) {
      await page.goto(address);
      problems.push(...(await look(page)).map((line) => `${address}: ${line}`));
    }
    await context.close();
  }));
  assert.deepEqual(problems, []);
});
