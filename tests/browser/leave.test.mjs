// "Leave this page": gone at once, by tap, by Shift three times and without JavaScript, and Back shows nothing typed.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as check from './lib/check.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { t } from './lib/words.mjs';

const OUTSIDE = /^https:\/\/(?!127\.0\.0\.1)/;
const SECRET = 'A secret nobody at home may read.';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// A page whose way out is answered here, so that no request leaves. While `hold` is set, the way out is kept waiting.
async function openGuarded(javaScript) {
  const context = await newContext(browser, server, { ...PHONE, javaScriptEnabled: javaScript });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const guard = { left: [], hold: false, release: () => {} };
  cdp.on('Fetch.requestPaused', async ({ requestId, request }) => {
    if (OUTSIDE.test(request.url)) {
      guard.left.push(request.url);
      const body = Buffer.from('<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><h1>Elsewhere</h1>').toString('base64');
      await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body, responseHeaders: [{ name: 'content-type', value: 'text/html' }] });
      return;
    }
    if (guard.hold) await new Promise((resolve) => { guard.release = resolve; });
    await cdp.send('Fetch.continueRequest', { requestId });
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }, { urlPattern: '*/leave*' }] });
  return { context, page, cdp, guard };
}

async function atCheck(page) {
  await young.toCheck(page, { topic: 'home', said: SECRET, feeling: 'sad', wish: SECRET });
  assert.ok((await page.getByRole('main').innerText()).includes(SECRET));
}

// Goes back through the whole history, and looks at what stands there each time.
async function nothingInHistory(page, cdp, secret = SECRET) {
  const { entries, currentIndex } = await cdp.send('Page.getNavigationHistory');
  for (const { url, title } of entries) {
    assert.ok(!`${url} ${title}`.includes('secret'), `history holds ${url} ${title}`);
  }
  for (let index = currentIndex - 1; index >= 0; index -= 1) {
    await cdp.send('Page.navigateToHistoryEntry', { entryId: entries[index].id });
    const shown = await settled(cdp, index);
    assert.ok(!shown.includes(secret), `Back to ${entries[index].url} shows what was typed`);
  }
  return entries.length;
}

// What a page shows once the browser has gone to this place in its history. On the way there nobody answers.
async function settled(cdp, index) {
  const end = Date.now() + 10_000;
  const expression = '[document.readyState, document.documentElement.outerHTML, ...[...document.querySelectorAll("input, textarea")].map((field) => field.value)].join("\\n")';
  while (Date.now() < end) {
    try {
      const { currentIndex } = await cdp.send('Page.getNavigationHistory');
      const { result } = await cdp.send('Runtime.evaluate', { expression });
      if (currentIndex === index && result.value?.startsWith('complete')) return result.value;
    } catch (error) {
      assert.match(error.message, /Not attached|Cannot find|context|navigat/i);
    }
  }
  throw new Error(`the browser did not get to place ${index}`);
}

const arrived = (page) => page.getByRole('heading', { name: 'Elsewhere' }).waitFor();

// Nothing can be asked of a page that is about to be left, so the page tells by itself: what it still shows after the
// press, and how long that took.
async function tellWhenBlank(page) {
  let tell;
  const blank = new Promise((resolve) => { tell = resolve; });
  await page.exposeBinding('pledgeTestBlank', (_, what) => tell(what));
  await page.addInitScript(() => {
    let pressed = 0;
    for (const kind of ['click', 'keydown']) addEventListener(kind, (event) => { pressed = event.timeStamp; }, { capture: true });
    new MutationObserver(() => {
      if (document.body) return;
      globalThis.pledgeTestBlank({ html: document.documentElement.innerHTML, ms: performance.now() - pressed });
    }).observe(document, { childList: true, subtree: true });
  });
  return { blank };
}

test('the way out clears what the browser holds and leads to another site', async () => {
  const answer = await fetch(`${server.origin}/leave`, { redirect: 'manual' });
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get('location'), OUTSIDE);
  for (const kind of ['"cache"', '"cookies"', '"storage"']) assert.ok(answer.headers.get('clear-site-data').includes(kind));
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
});

for (const [name, leave] of [
  ['by tap', (page) => young.link(page, 'leave.link').click({ noWaitAfter: true })],
  ['by Shift three times', async (page) => {
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Shift');
  }],
]) {
  test(`leaving ${name} blanks the page before anything else happens`, async () => {
    const { context, page, cdp, guard } = await openGuarded(true);
    const { blank } = await tellWhenBlank(page);
    await atCheck(page);
    guard.hold = true;
    await leave(page);
    const { html, ms } = await blank;
    assert.equal(html, '', 'nothing is left on the page');
    assert.ok(ms < 100, `it took ${ms} ms`);
    assert.deepEqual(guard.left, [], 'the other site was not even asked yet');
    guard.hold = false;
    guard.release();
    await arrived(page);
    assert.equal(guard.left.length, 1);
    await nothingInHistory(page, cdp);
    await context.close();
  });
}

test('leaving replaces the page in the history', async () => {
  const { context, page, cdp } = await openGuarded(true);
  await page.goto('/rights');
  await page.goto('/speak');
  const before = (await cdp.send('Page.getNavigationHistory')).entries.length;
  await young.link(page, 'leave.link').click({ noWaitAfter: true });
  await arrived(page);
  const { entries } = await cdp.send('Page.getNavigationHistory');
  assert.equal(entries.length, before);
  assert.ok(!entries.some(({ url }) => url.endsWith('/speak')), 'the page that was left is not in the history');
  await context.close();
});

test('typing capitals does not leave', async () => {
  const { context, page, guard } = await openGuarded(true);
  await young.begin(page);
  await young.about(page, { topic: 'home' });
  const box = young.field(page, 'speak.say.said');
  await box.focus();
  for (const letter of ['A', 'B', 'C', 'D']) await page.keyboard.press(`Shift+${letter}`);
  assert.equal(await box.inputValue(), 'ABCD');
  await page.keyboard.press('Shift');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift');
  await page.keyboard.press('Shift');
  assert.equal(await box.inputValue(), 'ABCDx');
  assert.deepEqual(guard.left, []);
  await context.close();
});

test('leaving without JavaScript goes away, and Back shows nothing typed', async () => {
  const { context, page, cdp, guard } = await openGuarded(false);
  await atCheck(page);
  await young.link(page, 'leave.link').click();
  await arrived(page);
  assert.equal(guard.left.length, 1);
  await nothingInHistory(page, cdp);
  await context.close();
});

for (const javaScript of [true, false]) {
  test(`six words typed but not sent do not come back, JavaScript ${javaScript ? 'on' : 'off'}`, async () => {
    const { context, page, cdp } = await openGuarded(javaScript);
    await page.goto('/rights');
    await page.goto('/follow');
    await young.field(page, 'follow.words').fill(SECRET);
    // A link of the page first, so that the page stays in the history.
    await page.getByRole('link', { name: t('nav.help'), exact: true }).first().click();
    await page.waitForURL('**/help');
    await young.link(page, 'leave.link').click({ noWaitAfter: true });
    await arrived(page);
    await nothingInHistory(page, cdp);
    await context.close();
  });
}

for (const javaScript of [true, false]) {
  test(`answers of the checker do not come back, JavaScript ${javaScript ? 'on' : 'off'}`, async () => {
    const { context, page, cdp } = await openGuarded(javaScript);
    await page.goto('/check');
    if (javaScript) await check.awake(page);
    await check.give(page, 'born', '2010-03-10');
    await check.next(page);
    await page.getByRole('heading', { level: 1, name: t('check.q.care.title') }).waitFor();
    assert.ok((await page.getByRole('main').innerText()).includes('10 March 2010'));
    await young.link(page, 'leave.link').click({ noWaitAfter: true });
    await arrived(page);
    await nothingInHistory(page, cdp, '10 March 2010');
    await context.close();
  });
}

// Goes to a place in the history and agrees to send its form again, as somebody does who presses Back and then reload.
async function resend(page, cdp, { id, index, address }) {
  await cdp.send('Page.navigateToHistoryEntry', { entryId: id });
  await settled(cdp, index);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === address && response.status() !== 303);
  await cdp.send('Page.reload');
  await answered;
  return settled(cdp, index);
}

for (const javaScript of [true, false]) {
  const mode = javaScript ? 'on' : 'off';

  test(`going back after leaving and agreeing to send each form again shows nothing typed, JavaScript ${mode}`, async () => {
    const { context, page, cdp } = await openGuarded(javaScript);
    await atCheck(page);
    // Up to the six words: nothing gives more away.
    const words = await young.send(page);
    await young.link(page, 'leave.link').click({ noWaitAfter: true });
    await arrived(page);
    const { entries, currentIndex } = await cdp.send('Page.getNavigationHistory');
    let steps = 0;
    for (let index = currentIndex - 1; index >= 0; index -= 1) {
      const { id, url } = entries[index];
      if (new URL(url).pathname !== '/speak') continue;
      const shown = await resend(page, cdp, { id, index, address: '/speak' });
      assert.ok(!shown.includes(SECRET), `Back and reload show what was typed: ${url}`);
      assert.ok(!words.every((word) => shown.includes(`>${word}<`)), 'Back and reload show the six words');
      assert.ok(shown.includes(t('speak.begin')), 'it is the first page of Speak');
      steps += 1;
    }
    assert.ok(steps >= 5, `${steps} places in the history were looked at`);
    await context.close();
  });

  test(`going back after leaving the page of a view shows nothing of it, JavaScript ${mode}`, async () => {
    const { context, page, cdp } = await openGuarded(javaScript);
    const words = await young.sendView(page, { topic: 'home', said: SECRET });
    assert.ok((await young.thread(page, words)).includes(SECRET));
    // A step further, so that the page of the view is in the history whichever way it is left.
    await young.button(page, 'follow.withdraw').click();
    await young.button(page, 'follow.sure-no').waitFor();
    await young.link(page, 'leave.link').click({ noWaitAfter: true });
    await arrived(page);
    const { entries, currentIndex } = await cdp.send('Page.getNavigationHistory');
    let steps = 0;
    for (let index = currentIndex - 1; index >= 0; index -= 1) {
      const { id, url } = entries[index];
      if (new URL(url).pathname !== '/follow') continue;
      const shown = await resend(page, cdp, { id, index, address: '/follow' });
      assert.ok(!shown.includes(SECRET), 'Back and reload show the view');
      steps += 1;
    }
    assert.ok(steps >= 2, `${steps} places in the history were looked at`);
    await context.close();
  });

  test(`a control: before leaving, Back and reload do show what was typed, JavaScript ${mode}`, async () => {
    const { context, page, cdp } = await openGuarded(javaScript);
    await atCheck(page);
    await page.goto('/rights');
    const { entries, currentIndex } = await cdp.send('Page.getNavigationHistory');
    const index = currentIndex - 1;
    assert.ok((await resend(page, cdp, { id: entries[index].id, index, address: '/speak' })).includes(SECRET));
    await context.close();
  });
}

test('a control: looking through the history does find what a page still shows', async () => {
  const { context, page, cdp } = await openGuarded(true);
  await page.goto('/rights');
  await page.evaluate((secret) => document.body.append(secret), SECRET);
  await page.goto('/help');
  await assert.rejects(nothingInHistory(page, cdp), /shows what was typed/);
  await context.close();
});

test('every page has the way out, and it comes first', async () => {
  const { context, page } = await openGuarded(true);
  for (const address of ['/', '/rights/visits', '/speak', '/follow', '/help', '/you-said', '/nothing-here', '/desk/sign-in']) {
    await page.goto(address);
    const walk = ['/speak', '/follow'].includes(address) ? /^\/leave\?j=[\w-]{22}$/ : /^\/leave$/;
    assert.match(await young.link(page, 'leave.link').getAttribute('href'), walk, address);
    assert.ok(await young.link(page, 'leave.link').isVisible(), address);
  }
  await context.close();
});
