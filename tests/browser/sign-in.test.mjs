// Staff sign-in: the one cookie there is, and who can open what.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, startBrowser } from './lib/browser.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage } from './lib/watch.mjs';
import { t } from './lib/words.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('one strict cookie while signed in, none before and after', async () => {
  const context = await newContext(browser, server);
  const { page, seen, cdp } = await openPage(context, server);
  await page.goto('/desk');
  await young.heading(page, 'desk.sign-in.title');
  assert.deepEqual(await context.cookies(), []);
  await desk.bothSteps(page, server, 'sample-speakerbox');
  await young.heading(page, 'desk.queue.title');
  const [cookie, ...others] = await context.cookies();
  assert.deepEqual(others, []);
  const { name, secure, httpOnly, sameSite, path, domain, expires } = cookie;
  assert.deepEqual({ name, secure, httpOnly, sameSite, path, domain, expires }, {
    name: '__Host-s', secure: true, httpOnly: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1', expires: -1,
  });

  await young.button(page, 'desk.sign-out').click();
  await young.heading(page, 'desk.sign-in.title');
  assert.deepEqual(await leftovers(context, page, cdp, server), []);
  await page.goto('/desk/queue');
  await young.heading(page, 'desk.sign-in.title');
  // The session has ended at the server too: the old cookie opens nothing.
  await context.addCookies([cookie]);
  await page.goto('/desk/queue');
  await young.heading(page, 'desk.sign-in.title');
  await page.getByText(t('desk.sign-in.timed-out'), { exact: true }).waitFor();
  assert.deepEqual(faults(seen), []);
  await context.close();
});

test('no script can read the cookie', async () => {
  const { context, page } = await desk.signIn(browser, server, 'sample-clerk');
  assert.equal(await page.evaluate(() => document.cookie), '');
  await context.close();
});

test('after signing out, Back does not show the desk', async () => {
  const { context, page, cdp } = await desk.signIn(browser, server, 'sample-speakerbox');
  const rows = await page.getByRole('main').getByRole('heading', { level: 3 }).allInnerTexts();
  assert.ok(rows.length > 0);
  await young.button(page, 'desk.sign-out').click();
  await young.heading(page, 'desk.sign-in.title');
  const { entries, currentIndex } = await cdp.send('Page.getNavigationHistory');
  assert.ok(entries[currentIndex - 1].url.endsWith('/desk/queue'));
  await cdp.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1].id });
  await page.getByText(t('desk.sign-in.lead'), { exact: true }).waitFor();
  const text = await page.locator('body').innerText();
  for (const row of rows) assert.ok(!text.includes(row), `Back shows ${row}`);
  await context.close();
});

test('a wrong password and an unknown name get the same page', async () => {
  const answers = [];
  for (const [name, password] of [['sample-committee', 'not-the-password-at-all'], ['nobody-of-that-name', server.passwords['sample-committee']]]) {
    const context = await newContext(browser, server);
    const { page } = await openPage(context, server);
    await page.goto('/desk/sign-in');
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await desk.typeSignIn(page, name, password);
    const status = (await answered).status();
    await young.errorsOnPage(page, ['error.sign-in.wrong']);
    assert.equal(await page.getByLabel(t('desk.sign-in.name'), { exact: true }).inputValue(), name, 'the name stays');
    assert.equal(await page.getByLabel(t('desk.sign-in.password'), { exact: true }).inputValue(), '', 'the password does not');
    answers.push({ status, html: (await page.content()).replaceAll(name, 'NAME') });
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  }
  assert.deepEqual(answers[0], answers[1]);
});

// A SpeakerBox member gets to a meeting from a view that is on its list, so it opens, but no link leads to all of them.
const OWN = ['/desk/password', '/desk/second-factor', '/desk/sessions'];
const MEMBER = ['/desk/keys', ...OWN];
const PLACES = ['/desk/queue', '/desk/safety', '/desk/on-call', '/desk/meetings', '/desk/published', '/desk/audit', '/desk/progress', '/desk/page-editor', '/desk/usage', '/desk/accounts', ...MEMBER];
for (const [name, mayOpen, notOffered = []] of [
  ['sample-speakerbox', ['/desk/queue', '/desk/meetings', '/desk/page-editor', '/desk/usage', ...MEMBER], ['/desk/meetings']],
  ['sample-coordinator', ['/desk/queue', '/desk/safety', '/desk/on-call', '/desk/meetings', '/desk/published', '/desk/audit', '/desk/progress', '/desk/page-editor', '/desk/usage', ...MEMBER]],
  ['sample-safety', ['/desk/safety', '/desk/on-call', '/desk/published', '/desk/usage', ...MEMBER]],
  ['sample-committee', ['/desk/meetings', '/desk/usage', ...MEMBER]],
  ['sample-clerk', ['/desk/meetings', '/desk/published', '/desk/progress', '/desk/page-editor', '/desk/usage', ...MEMBER]],
  ['sample-admin', ['/desk/audit', '/desk/usage', '/desk/accounts', ...OWN]],
]) {
  test(`${name} opens what is theirs by address, and nothing else`, async () => {
    const { context, page, seen } = await desk.signIn(browser, server, name);
    // One's own things are folded away.
    await page.locator('.desk-bar summary').click();
    const links = page.getByRole('navigation', { name: t('desk.links.label'), exact: true }).getByRole('link');
    const offered = await links.evaluateAll((all) => all.map((one) => new URL(one.href).pathname));
    assert.deepEqual(offered, mayOpen.filter((place) => !notOffered.includes(place)), 'the links are what they may open');
    for (const place of PLACES) {
      const answer = await page.goto(place);
      assert.equal(answer.status(), mayOpen.includes(place) ? 200 : 403, place);
      if (!mayOpen.includes(place)) await young.heading(page, 'problem.forbidden.title');
    }
    assert.deepEqual(faults(seen), []);
    await context.close();
  });
}

test('a view in the safety lane and a view as sent open to their readers only', async () => {
  const safety = await desk.signIn(browser, server, 'sample-safety');
  const [unsafe] = await viewAddresses(safety.page);
  const speakerbox = await desk.signIn(browser, server, 'sample-speakerbox');
  const [ordinary] = await viewAddresses(speakerbox.page);
  const committee = await desk.signIn(browser, server, 'sample-committee');
  const open = async ({ page }, address) => (await page.goto(address)).status();
  assert.equal(await open(safety, unsafe), 200);
  assert.equal(await open(speakerbox, ordinary), 200);
  assert.equal(await open(speakerbox, unsafe), 404);
  for (const address of [unsafe, ordinary]) assert.equal(await open(committee, address), 404);
  for (const { context } of [safety, speakerbox, committee]) await context.close();
});

const viewAddresses = (page) => page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link')
  .evaluateAll((all) => all.map((one) => new URL(one.href).pathname));

test('a line of the safety lane can be read on a wide screen', async () => {
  const { context, page } = await desk.signIn(browser, server, 'sample-safety');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/desk/safety');
  const about = page.locator('.inbox .about').first();
  const width = async () => (await about.boundingBox()).width;
  assert.ok(await width() >= 200, `${await width()}`);
  // The control: columns that take what they like leave it a letter's width. They are fixed, so that no family of
  // letters decides what is left.
  await about.evaluate((part) => {
    part.parentElement.style.gridTemplateColumns = '16rem 1fr 25rem 25rem';
  });
  assert.ok(await width() < 100, `${await width()}`);
  await context.close();
});
