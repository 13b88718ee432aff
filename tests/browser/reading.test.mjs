// Every public page: one request, few bytes, no script file, nothing left behind, and readable for everybody.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe, MODES, show } from './lib/axe.mjs';
import { newContext, startBrowser } from './lib/browser.mjs';
import { awake } from './lib/check.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';

const MOST_BYTES = 14_000;
// They load the WASM when they have been shown, so only the page itself is measured.
const ISLANDS = ['/check'];
// They have a script file of ours, because without one there is nothing they could do: address and file.
const SCRIPTED = new Map([['/keep', '/keep.js']]);

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
    if (ISLANDS.includes(address)) {
      // What it still fetches would be counted for the next page.
      await awake(page);
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
    const { title, headings, language, direction } = await page.evaluate(() => ({
      title: document.title.trim(),
      headings: document.querySelectorAll('h1').length,
      language: document.documentElement.lang,
      direction: document.documentElement.dir,
    }));
    if (!title) complain('has no title');
    if (headings !== 1) complain(`has ${headings} headings of level 1`);
    if (language !== 'en' || direction !== 'ltr') complain(`language ${language}, direction ${direction}`);
    table.push([bytes, (await answer.headerValue('content-encoding')) ?? 'as it is', address]);
  }
  await context.close();
  table.sort(([a], [b]) => b - a);
  console.log(`Bytes on the wire, headers included (at most ${MOST_BYTES}):`);
  for (const [bytes, encoding, address] of table) console.log(`${String(bytes).padStart(7)}  ${encoding.padEnd(8)}  ${address}`);
  assert.deepEqual(problems, []);
});

test('axe finds nothing on any page, in light and dark, narrow and wide', async () => {
  const problems = [];
  const undecided = new Set();
  const context = await newContext(browser, server, { bypassCSP: true });
  const page = await context.newPage();
  for (const address of addresses) {
    await page.goto(address);
    for (const mode of MODES) {
      await show(page, mode);
      const found = await axe(page);
      for (const line of found.violations) problems.push(`${address} at ${mode.width}, ${mode.colorScheme}: ${line}`);
      for (const line of found.undecided) undecided.add(`${address}: ${line}`);
    }
  }
  await context.close();
  if (undecided.size > 0) console.log(`axe could not decide:\n${[...undecided].join('\n')}`);
  assert.deepEqual(problems, []);
});
