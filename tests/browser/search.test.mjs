// The search: the server answers without scripts; on the phone what is found is shown while somebody types, with one file
// fetched once, nothing sent and nothing kept; and in a copy that was kept it works without a signal.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { startBetween } from './lib/between.mjs';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as young from './lib/journey.mjs';
import { look } from './lib/look.mjs';
import { answerOf, awake, PHRASES, shown } from './lib/search.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';
import { t, wordsIn } from './lib/words.mjs';

const INDEX = '/search/words';
const EVERY = 7;

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
  await Promise.all(sites.map((site) => site.stop()));
  await server?.stop();
});

// A phone with a page, and a site of its own that can go away and change what passes.
async function phone(options = {}) {
  const site = await startBetween(server);
  sites.push(site);
  const context = await newContext(browser, site, { ...PHONE, ...options });
  const opened = await openPage(context, site, { javaScript: options.javaScriptEnabled ?? true });
  return { site, context, box: opened.page.locator('#q'), ...opened, close: async () => { await context.close(); await site.stop(); } };
}

async function onTheSearch(options, address = '/search') {
  const mine = await phone(options);
  await mine.page.goto(address);
  await awake(mine.page);
  return mine;
}

const paths = (seen) => seen.requests.map(({ url, method }) => `${method} ${new URL(url).pathname}${new URL(url).search}`);
const links = (page) => page.locator('#search-results ol.found a');
const said = (page) => page.locator('#search-said');
const pages = (count) => (count === 1 ? t('search.found-one') : t('search.found', { count }));

/** Waits until something was found and said. */
async function found(page, words) {
  await page.waitForFunction((words) => document.getElementById('search-said').textContent.includes(words), words);
}

/** Types, and gives what is found as soon as it is there. */
async function type({ page, box }, typed) {
  await box.fill(typed);
  await links(page).first().waitFor();
}

/** The server's own answer is on the page: another page than the form. */
async function answeredByTheServer({ page, box }, typed) {
  await box.fill(typed);
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST'), box.press('Enter')]);
  await page.waitForLoadState();
  assert.equal(await page.locator('#search-results').count(), 0, 'the answer has nothing for the island');
  assert.equal(await box.inputValue(), typed, 'what was typed stays');
  return shown(page);
}

test('what is found is shown while somebody types: one file, nothing sent, nothing kept', async () => {
  const mine = await onTheSearch();
  const { page, box, seen, context, cdp, site, forget } = mine;
  await page.waitForLoadState('networkidle');
  assert.deepEqual(paths(seen).filter((path) => path.includes(INDEX)), [], 'nothing before the box is touched');
  const history = await page.evaluate(() => globalThis.history.length);
  forget();
  await box.pressSequentially('my brother', { delay: 60 });
  await links(page).first().waitFor();
  const count = await links(page).count();
  await found(page, pages(count));
  assert.equal(await page.locator('#found').innerText(), pages(count));
  assert.equal(await page.locator('#search-lead').isVisible(), false);
  assert.equal(await box.inputValue(), 'my brother');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q', 'the focus stays in the box');
  for (const typed of ['money', 'advocate', 'visits', 'money']) {
    await box.fill(typed);
    await page.waitForTimeout(300);
  }
  assert.deepEqual(paths(seen), [`GET ${INDEX}`]);
  // What is there already is not drawn again: somebody may be in the middle of it.
  await page.locator('#found').evaluate((title) => { title.dataset.same = ''; });
  await box.dispatchEvent('input');
  await page.waitForTimeout(300);
  assert.equal(await page.locator('#found[data-same]').count(), 1);
  assert.equal(await page.evaluate(() => globalThis.history.length), history);
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/search');
  assert.deepEqual(await leftovers(context, page, cdp, site), []);
  assert.equal(await sideways(page), 0);
  // An empty box is as at first.
  await box.fill('');
  await page.locator('#search-lead').waitFor();
  assert.equal(await links(page).count(), 0);
  assert.equal(await said(page).textContent(), '');
  // Half a word that finds nothing is no reason to say so.
  await box.fill('zzzzqqq');
  await page.waitForTimeout(300);
  assert.ok(await page.locator('#search-lead').isVisible());
  assert.deepEqual(faults(seen), []);
  await mine.close();
});

test('with the keyboard: the results follow the box, and Back brings nothing back', async () => {
  const mine = await onTheSearch();
  const { page, box } = mine;
  await type(mine, 'my brother');
  const first = await links(page).first().getAttribute('href');
  await box.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), t('search.button'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), first);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${first}`);
  await page.goBack();
  await awake(page);
  assert.equal(await box.inputValue(), '');
  assert.equal(await links(page).count(), 0);
  await mine.close();
});

test('typing mistakes are found, and danger shows the numbers', async () => {
  const mine = await onTheSearch();
  const { page, box, seen } = mine;
  await type(mine, 'avdocat');
  assert.ok((await links(page).allInnerTexts()).length > 0);
  const right = await links(page).first().innerText();
  await type(mine, 'advocate');
  await page.waitForTimeout(300);
  assert.equal(await links(page).first().innerText(), right);
  assert.equal(await page.locator('#urgent-title').count(), 0);
  await box.fill('my carer hurst me');
  await page.locator('#urgent-title').waitFor();
  for (const call of ['tel:999', 'tel:08001111']) assert.ok(await page.locator(`#search-results a[href="${call}"]`).isVisible(), call);
  await found(page, `${t('help.first')}. `);
  await box.fill('bus pass');
  await page.locator('#urgent-title').waitFor({ state: 'detached' });
  assert.deepEqual(faults(seen), []);
  await mine.close();
});

test('the button and Enter answer on the page, and say when nothing was found', async () => {
  const mine = await onTheSearch();
  const { page, box, seen, forget } = mine;
  await type(mine, 'my brother');
  forget();
  for (const [typed, title] of [['my brother', /./], ['zzzzqqq', t('search.nothing')], ['  ', t('search.empty')], ['i want to die', t('help.first')]]) {
    await box.fill(typed);
    await (typed === 'my brother' ? young.button(page, 'search.button').click() : box.press('Enter'));
    const focused = page.locator('#search-results h2:focus');
    await focused.waitFor();
    assert.match(await focused.innerText(), title instanceof RegExp ? title : new RegExp(`^${title}$`));
    assert.equal(await box.inputValue(), typed);
    if (title === t('search.nothing')) {
      // The lines are folded away until somebody wants them.
      await page.locator('#search-results summary').click();
      assert.ok(await page.locator('#search-results a[href="tel:116123"]').isVisible());
    }
  }
  assert.deepEqual(paths(seen), []);
  assert.deepEqual(faults(seen), []);
  await mine.close();
});

/** Phrases for which the phone shows something else than the server. */
async function differences({ page, box, site }, phrases, address = '/search') {
  const different = [];
  for (const typed of phrases) {
    await box.fill(typed);
    await box.press('Enter');
    const [phone, wanted] = [await shown(page), await answerOf(site, typed, address)];
    if (JSON.stringify(phone) !== JSON.stringify(wanted)) different.push(typed);
  }
  return different;
}

test('the phone shows the same rows as the server', async () => {
  const mine = await onTheSearch();
  const some = PHRASES.filter((_, at) => at % EVERY === 0);
  assert.ok(PHRASES.length === 180 && some.length > 20);
  await type(mine, 'money');
  assert.deepEqual(await differences(mine, some), []);
  assert.equal(mine.site.asked.filter((line) => line === 'POST /search').length, some.length, 'the server was asked by the test alone');
  await mine.close();
});

// As the index is written: the sum over the lines after the first.
function withSum(body) {
  let sum = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(body)) sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `words-1 ${sum}\n${body}`;
}

test('a control: other weights on the phone are found out', async () => {
  const mine = await phone();
  mine.site.change(INDEX, (answer) => {
    const body = answer.body.slice(answer.body.indexOf('\n') + 1);
    assert.equal(withSum(body), answer.body);
    return { ...answer, body: withSum(body.replace(/\.1[0-9][0-9]\b/g, '.30')) };
  });
  await mine.page.goto('/search');
  await awake(mine.page);
  await type(mine, 'money');
  assert.notDeepEqual(await differences(mine, PHRASES.filter((_, at) => at % EVERY === 0)), []);
  await mine.close();
});

for (const [code, direction, typed] of [['es', 'ltr', 'dinero'], ['ar', 'rtl', 'المال']]) {
  test(`in its own language: ${code}`, async () => {
    const mine = await onTheSearch({}, `/${code}/search`);
    const { page, seen, forget } = mine;
    forget();
    await type(mine, typed);
    const count = await links(page).count();
    const own = wordsIn(code);
    await found(page, count === 1 ? own('search.found-one') : own('search.found', { count }));
    for (const address of await links(page).evaluateAll((all) => all.map((link) => link.getAttribute('href')))) assert.match(address, new RegExp(`^/${code}/`));
    assert.equal(await page.evaluate(() => document.documentElement.dir), direction);
    assert.deepEqual(paths(seen), [`GET /${code}${INDEX}`]);
    assert.deepEqual(await differences(mine, [typed, 'visits'], `/${code}/search`), []);
    assert.equal(await sideways(page), 0);
    assert.deepEqual(faults(seen), []);
    await mine.close();
  });
}

const BROKEN = {
  'scripts are off': { options: { javaScriptEnabled: false } },
  'the WASM does not come': { break: ({ context }) => context.route('**/pkg/*', (route) => route.abort()) },
  'the index does not come': { break: ({ context }) => context.route(`**${INDEX}`, (route) => route.abort()) },
  'the index is damaged': { break: ({ site }) => site.change(INDEX, (answer) => ({ ...answer, body: answer.body.replace('Money', 'Honey') })) },
  'the index is cut short': { break: ({ site }) => site.change(INDEX, (answer) => ({ ...answer, body: answer.body.slice(0, 20_000) })) },
};
for (const [name, { options, break: prepare = () => {} }] of Object.entries(BROKEN)) {
  test(`the server answers when ${name}`, async () => {
    const mine = await phone(options);
    await prepare(mine);
    await mine.page.goto('/search');
    if (name.includes('index')) await awake(mine.page);
    assert.equal(await mine.page.locator('#search-lead').isVisible(), true);
    const answer = await answeredByTheServer(mine, 'my brother');
    assert.deepEqual(answer, await answerOf(mine.site, 'my brother'));
    // The loader says that its file did not come.
    assert.deepEqual(mine.seen.errors.filter((text) => !text.includes('/pkg/search.js')), []);
    await mine.close();
  });
}

test('what is typed before the WASM is there stays, and is looked for when it comes', async () => {
  const mine = await phone();
  const { page, box, context } = mine;
  let late = () => {};
  const wait = new Promise((resolve) => { late = resolve; });
  await context.route('**/pkg/search_bg.wasm', async (route) => { await wait; await route.continue(); });
  await page.goto('/search');
  await box.pressSequentially('my bro');
  late();
  await awake(page);
  assert.equal(await box.inputValue(), 'my bro');
  await box.pressSequentially('ther');
  await links(page).first().waitFor();
  assert.equal(await box.inputValue(), 'my brother');
  await mine.close();
});

const CUTS = {
  // A worker that starts anew does not know that the driver has switched off the signal, so the server goes as well.
  'the phone has no signal': async ({ context, site }) => { await context.setOffline(true); await site.away(); },
  'the server is gone': ({ site }) => site.away(),
  'the server says it is down': ({ site }) => { site.down = true; },
};
for (const [name, cut] of Object.entries(CUTS)) {
  test(`from a copy that was kept it finds pages when ${name}`, async () => {
    const mine = await phone();
    const { page, box, seen } = mine;
    await page.goto('/keep');
    await young.button(page, 'keep.go').click();
    await young.button(page, 'keep.remove').waitFor();
    await cut(mine);
    await page.goto('/search');
    await awake(page);
    await type(mine, 'avdocat');
    const count = await links(page).count();
    assert.equal(await page.locator('#found').innerText(), pages(count));
    await box.press('Enter');
    await page.locator('#found:focus').waitFor();
    const address = await links(page).first().getAttribute('href');
    await links(page).first().click();
    await page.waitForURL(`**${address}`);
    assert.ok(await page.locator('#copy').isVisible(), 'the page found comes from the copy');
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    assert.deepEqual([...seen.violations, ...seen.errors, ...seen.foreign], []);
    await mine.close();
  });
}

test('a control: without a copy there is no search without a signal', async () => {
  const mine = await phone();
  await mine.page.goto('/search');
  await mine.site.away();
  await assert.rejects(mine.page.goto('/search'), /ERR_CONNECTION/);
  await mine.close();
});

test('axe finds nothing in any state', async () => {
  const mine = await onTheSearch({ bypassCSP: true });
  const { page, box } = mine;
  const problems = [];
  const see = async (state) => problems.push(...(await look(page)).map((line) => `${state}: ${line}`));
  await type(mine, 'my carer hurts me');
  await see('danger');
  await box.fill('zzzzqqq');
  await box.press('Enter');
  await page.locator('#search-results h2:focus').waitFor();
  await see('nothing found');
  assert.deepEqual(problems, []);
  await mine.close();
});
