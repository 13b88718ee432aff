// Accounts at the desk: from an invitation to the first view read, and out again; with scripts on and off.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { newContext, startBrowser } from './lib/browser.mjs';
import { codeOf } from './lib/codes.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { sideways } from './lib/watch.mjs';
import { show } from './lib/ways.mjs';
import { t } from './lib/words.mjs';

const PASSWORD = 'seven grey geese cross the ice';
const PHONE = { width: 320, height: 640, colorScheme: 'light' };

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const label = (page, key) => page.getByLabel(t(key), { exact: true });

/** Types the password once more into this form, and presses its button. */
async function prove(form, name, words) {
  await form.getByLabel(t('desk.proof.label'), { exact: true }).fill(server.passwords[name]);
  await form.getByRole('button', { name: words, exact: true }).click();
}

/** On a small phone nothing scrolls sideways, and axe finds nothing. */
async function look(page, javaScriptEnabled) {
  if (!javaScriptEnabled) return;
  await show(page, PHONE);
  assert.equal(await sideways(page), 0, page.url());
  const { violations } = await axe(page);
  assert.deepEqual(violations, [], page.url());
}

/** The newcomer's phone: reads the secret off the page and types the code it gives. */
async function setUpCodes(page) {
  await young.heading(page, 'desk.second-factor.title');
  const secret = (await page.locator('#secret').innerText()).replaceAll(' ', '');
  assert.match(await young.link(page, 'desk.second-factor.link').getAttribute('href'), new RegExp(`secret=${secret}&`));
  await label(page, 'desk.second-factor.code').fill(codeOf(secret, Math.floor(Date.now() / 30_000)));
  await young.button(page, 'desk.second-factor.button').click();
  await young.heading(page, 'desk.recovery.title');
  return page.locator('#recovery-codes code').allInnerTexts();
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody is invited, joins, is let in, and leaves, with scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const options = { javaScriptEnabled, bypassCSP: javaScriptEnabled };
    const name = `newcomer-${javaScriptEnabled}`;
    const admin = await desk.signIn(browser, server, 'sample-admin', options);
    await young.link(admin.page, 'desk.links.accounts').first().click();
    await look(admin.page, javaScriptEnabled);
    const invite = admin.page.locator('form', { has: admin.page.getByRole('button', { name: t('desk.accounts.invite-button') }) });
    await label(invite, 'desk.accounts.name').fill(name);
    await prove(invite, 'sample-admin', t('desk.accounts.invite-button'));
    await young.errorsOnPage(admin.page, ['error.account.role']);
    assert.equal(await label(admin.page, 'desk.accounts.name').inputValue(), name, 'what was typed stays');
    await label(invite, 'desk.accounts.role').selectOption(t('role.speakerbox.name'));
    await prove(invite, 'sample-admin', t('desk.accounts.invite-button'));
    const address = await admin.page.locator('#invitation').innerText();
    await look(admin.page, javaScriptEnabled);

    const context = await newContext(browser, server, options);
    const page = await context.newPage();
    await page.goto(address);
    await look(page, javaScriptEnabled);
    await label(page, 'desk.password.new').fill(PASSWORD);
    await label(page, 'desk.password.again').fill(PASSWORD);
    await young.button(page, 'desk.join.button').click();
    await young.heading(page, 'desk.second-factor.title');
    await look(page, javaScriptEnabled);
    const codes = await setUpCodes(page);
    assert.equal(new Set(codes).size, 10);
    await look(page, javaScriptEnabled);
    await young.link(page, 'desk.recovery.go').click();
    await young.heading(page, 'desk.waiting.title');
    await look(page, javaScriptEnabled);
    const words = await page.locator('#four-words').innerText();

    const member = await desk.signIn(browser, server, 'sample-coordinator', options);
    await member.page.locator('.desk-bar summary').click();
    await young.link(member.page, 'desk.links.keys').click();
    await look(member.page, javaScriptEnabled);
    const row = member.page.getByRole('listitem').filter({ hasText: name });
    assert.ok((await row.innerText()).includes(words), 'both read the same four words');
    await prove(row, 'sample-coordinator', t('desk.keys.let-in', { name }));
    assert.equal(await desk.done(member.page), t('desk.keys.let-in-done'));

    await young.link(page, 'desk.waiting.again').click();
    await young.heading(page, 'desk.queue.title');
    await desk.openView(page, { show: 'waiting', topic: 'home', said: 'my room is cold' });

    // A recovery code signs in where there is no phone.
    await young.button(page, 'desk.sign-out').click();
    await desk.typeSignIn(page, name, PASSWORD);
    await young.heading(page, 'desk.code.title');
    await desk.typeCode(page, codes[3]);
    await young.heading(page, 'desk.queue.title');

    await young.link(admin.page, 'desk.links.accounts').first().click();
    await admin.page.getByRole('link', { name, exact: true }).click();
    await look(admin.page, javaScriptEnabled);
    const remove = admin.page.locator('details').filter({ has: admin.page.locator('summary', { hasText: t('desk.account.remove') }) });
    await remove.locator('summary').click();
    await prove(remove, 'sample-admin', t('desk.account.remove-button'));
    assert.equal(await desk.done(admin.page), t('desk.account.remove-done'));
    await page.goto('/desk/queue');
    await young.heading(page, 'desk.sign-in.title');

    await member.page.goto('/desk/keys');
    const seal = member.page.locator('form', { has: member.page.getByRole('button', { name: t('desk.keys.seal-button') }) });
    await prove(seal, 'sample-coordinator', t('desk.keys.seal-button'));
    assert.equal(await desk.done(member.page), t('desk.keys.seal-done'));
    for (const one of [admin.context, member.context, context]) await one.close();
  });
}
