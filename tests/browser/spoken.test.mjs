// What a screen reader says on every kind of page, compared with what was read and found good: `goldens/*.txt`.
//
// Each change of what is said turns this red and shows the lines. If it is meant, write the files again and look at the
// difference: PLEDGE_GOLDENS=write node --test spoken.test.mjs

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newContext, startBrowser } from './lib/browser.mjs';
import { awake, run, yearsAgo } from './lib/check.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import * as search from './lib/search.mjs';
import { startServer } from './lib/server.mjs';
import { spoken } from './lib/spoken.mjs';
import { test } from './lib/story.mjs';
import { t } from './lib/words.mjs';

const FOLDER = fileURLToPath(new URL('goldens/', import.meta.url));
const WRITE = process.env.PLEDGE_GOLDENS === 'write';
const PHONE = { viewport: { width: 412, height: 823 }, bypassCSP: true };
// Of a page that goes on with a list which another file holds.
const BEGINNING_LINES = 60;
const MOST_LINES_SHOWN = 30;

let server;
let browser;
const checked = new Set();
const differences = [];
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  // The first answer of this page waits until every page is compressed.
  await (await fetch(`${server.origin}/keep`, { headers: { 'accept-encoding': 'br' } })).text();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Compares what is said on the page that is open, or writes it down. A page that says something else stops nothing, so that
// one run tells of all of them.
async function says(page, name, { part = 'main', change = (text) => text, island = false } = {}) {
  // It has said what it says on arrival.
  if (island) await page.waitForLoadState('networkidle');
  const now = change(await spoken(page, part));
  const file = path.join(FOLDER, `${name}.txt`);
  checked.add(`${name}.txt`);
  if (WRITE) writeFileSync(file, now);
  const difference = existsSync(file) ? changed(readFileSync(file, 'utf8'), now) : 'The file is not there.';
  if (difference) differences.push(`goldens/${name}.txt, ${difference}`);
}

const beginning = (text) => `${text.split('\n').slice(0, BEGINNING_LINES).join('\n').trimEnd()}\n`;
// Two random words stand for a view, a code is new each time, and others of these tests send views too.
const atDesk = (text) => text
  .replace(/^( *(?:heading|link)), [a-z]+ [a-z]+(?=$|, level)/gm, '$1, [two words]')
  .replace(/\b\d{6}\b/g, '[code]')
  .replace(/(, )\d+$/gm, '$1[count]')
  .replace(/\(\d+\)/g, '([count])');

// The lines that went and came: from the first to the last that differ.
function changed(was, is) {
  if (was === is) return '';
  const [old, now] = [was.split('\n'), is.split('\n')];
  let first = 0;
  while (old[first] === now[first]) first += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - first && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const lines = [
    ...old.slice(first, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(first, now.length - tail).map((line) => `+ ${line}`),
  ];
  return [`line ${first + 1}:`, ...lines.slice(0, MOST_LINES_SHOWN), lines.length > MOST_LINES_SHOWN ? '…' : ''].join('\n').trim();
}

async function anybody() {
  const context = await newContext(browser, server, PHONE);
  return { context, page: await context.newPage() };
}

describe('what is said', () => {
  test('on pages to read', async () => {
    const { context, page } = await anybody();
    // The frame that every page has stands in the first file alone.
    await page.goto('/');
    await says(page, 'home', { part: 'body' });
    await page.goto('/help');
    // Every line once more, in full.
    await says(page, 'help', { change: (text) => text.slice(0, text.indexOf(t('help.all'))) });
    const pages = ['/rights', '/rights/visits', '/pledge', '/promises', '/you-said', '/committee', '/letters', '/keep', '/menu'];
    for (const address of pages) {
      await page.goto(address);
      await says(page, address.slice(1).replace('/', '-'));
    }
    await page.goto('/pledge');
    await page.locator('.cards a').first().click();
    await says(page, 'promise');
    await page.goto('/promises');
    await page.goto(await page.locator('main a[href^="/promises/"]').first().getAttribute('href'));
    await says(page, 'promises-one');
    await page.goto('/letters');
    await page.locator('.cards a').first().click();
    await says(page, 'letter');
    await page.goto('/glossary');
    await says(page, 'glossary', { change: beginning });
    await page.goto('/print');
    await says(page, 'print', { change: beginning });
    await page.goto('/nothing-here');
    await says(page, 'problem-404', { change: beginning });
    await context.close();
  });

  test('on the search', async () => {
    const { context, page } = await anybody();
    await page.goto('/search');
    await search.awake(page);
    await says(page, 'search');
    await page.locator('#q').fill('my carer hurts me');
    await page.locator('#found').waitFor();
    await says(page, 'search-while-typing');
    // What the server answers.
    await context.route('**/pkg/*', (route) => route.abort());
    for (const [typed, name] of [['my brother', 'search-found'], ['zzzzqqq', 'search-nothing'], ['my carer hurts me', 'search-urgent']]) {
      await page.goto('/search');
      await page.getByLabel(t('search.label'), { exact: true }).fill(typed);
      await young.button(page, 'search.button').click();
      await page.waitForLoadState();
      await says(page, name, { change: beginning });
    }
    await context.close();
  });

  test('on the checker', async () => {
    const { context, page } = await anybody();
    await page.goto('/check');
    await awake(page);
    await says(page, 'check-question');
    await run(page, {
      born: yearsAgo(16, 40), care: 'now', 'spell-from': yearsAgo(2), 'spell-basis': 'care_order', 'spell-home': 'foster_carer', 'spell-council': 'this_council',
    });
    await says(page, 'check-result', { change: beginning });
    await context.close();
  });

  test('on Speak, the receipt and Follow', async () => {
    const { context, page } = await anybody();
    const press = async (key, title) => {
      await young.button(page, key).click();
      await young.heading(page, title);
    };
    await page.goto('/speak');
    await says(page, 'speak-start');
    await press('speak.begin', 'speak.about.title');
    await says(page, 'speak-about');
    await young.button(page, 'speak.next').click();
    await young.errorsOnPage(page, ['error.topic.empty']);
    await says(page, 'speak-about-error', { change: beginning });
    await young.field(page, 'topic.plan').check();
    await press('speak.next', 'speak.say.title');
    await says(page, 'speak-say', { island: true });
    await young.field(page, 'speak.say.said').fill('Nobody asked me about my plan.');
    await press('speak.next', 'speak.safe.title');
    await says(page, 'speak-safe');
    await young.field(page, 'safe.yes').check();
    await press('speak.next', 'speak.you.title');
    await says(page, 'speak-you');
    await press('speak.next', 'speak.check.title');
    await says(page, 'speak-check', { island: true });
    const words = await young.send(page);
    // They are new each time.
    const change = (text) => text.replace(/(listitem \d of 6: )[a-z]+$/gm, '$1[word]');
    await says(page, 'receipt', { change, island: true });
    await young.field(page, 'receipt.typed').fill(words.join(' '));
    await press('receipt.check', 'receipt.kept-title');
    await says(page, 'receipt-kept', { change });
    await page.goto('/follow');
    await says(page, 'follow');
    await young.thread(page, words);
    await says(page, 'follow-thread');
    await context.close();
  });

  test('at the desk', async () => {
    const { context, page } = await anybody();
    await page.goto('/desk/sign-in');
    await says(page, 'desk-sign-in', { change: atDesk });
    await desk.typeSignIn(page, 'sample-speakerbox', server.passwords['sample-speakerbox']);
    await young.heading(page, 'desk.code.title');
    await says(page, 'desk-code', { change: atDesk });
    await desk.typeCode(page, server.codes.next('sample-speakerbox'));
    await young.heading(page, 'desk.queue.title');
    await page.goto('/desk/queue?show=all&topic=home');
    await says(page, 'desk-queue', { change: atDesk });
    await desk.openView(page, { show: 'waiting', topic: 'home', said: 'my room is cold' });
    await says(page, 'desk-view', { change: atDesk });
    await context.close();

    const safety = await desk.signIn(browser, server, 'sample-safety', PHONE);
    await safety.page.goto('/desk/safety');
    await says(safety.page, 'desk-safety', { change: atDesk });
    await safety.context.close();

    const committee = await desk.signIn(browser, server, 'sample-committee', PHONE);
    await committee.page.goto('/desk/meetings');
    await says(committee.page, 'desk-meetings', { change: atDesk });
    await desk.openItem(committee.page, 'Sample meeting: winter', 'three social workers in a year');
    await says(committee.page, 'desk-item', { change: atDesk });
    await committee.context.close();

    const admin = await desk.signIn(browser, server, 'sample-admin', PHONE);
    await admin.page.goto('/desk/accounts');
    await says(admin.page, 'desk-accounts', { change: atDesk });
    await admin.page.goto('/desk/usage');
    await says(admin.page, 'desk-use', { change: atDesk });
    await admin.context.close();
  });
});

test('a label that goes missing, a name that changes and a state that is not said are found', async () => {
  const { context, page } = await anybody();
  const plants = [
    () => document.querySelector('label[for=said]').remove(),
    () => document.querySelector('button').setAttribute('aria-label', 'Press'),
    () => document.querySelector('h1').setAttribute('role', 'presentation'),
    () => document.querySelector('#said').setAttribute('aria-invalid', 'true'),
  ];
  const open = async () => {
    await young.begin(page);
    await young.about(page, { topic: 'plan' });
    await page.waitForLoadState('networkidle');
  };
  await open();
  const good = await spoken(page);
  assert.equal(await spoken(page), good, 'the same page says the same twice');
  for (const plant of plants) {
    await open();
    await page.evaluate(plant);
    assert.notEqual(changed(good, await spoken(page)), '', String(plant));
  }
  await context.close();
});

test('every page says what was found good, and no file is left over', () => {
  // An error, and not an assertion, because its text is shown once and as it is.
  if (differences.length > 0) throw new Error(`If this is meant: PLEDGE_GOLDENS=write node --test spoken.test.mjs\n\n${differences.join('\n\n')}`);
  assert.deepEqual(readdirSync(FOLDER).filter((name) => !checked.has(name)), []);
});
