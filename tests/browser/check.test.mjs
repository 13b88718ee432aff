// "What am I entitled to?": the rules are the same in the browser and in `pledge check`; on the phone a whole check makes
// no request and leaves nothing; without scripts the same answers give the same page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as check from './lib/check.mjs';
import { look } from './lib/look.mjs';
import { pledgeCheck, rulesPage } from './lib/rules.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, leftovers, openPage, sideways } from './lib/watch.mjs';
import { t } from './lib/words.mjs';

const VECTORS = JSON.parse(readFileSync(new URL('../../crates/domain/tests/vectors.json', import.meta.url), 'utf8'));
const TODAY = new Date().toLocaleDateString('en-CA', { timeZone: 'Europe/London' });

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(javaScript, options = {}) {
  const context = await newContext(browser, server, { ...PHONE, javaScriptEnabled: javaScript, ...options });
  const opened = await openPage(context, server, { javaScript });
  await opened.page.goto('/check');
  if (javaScript) await check.awake(opened.page);
  return { context, ...opened };
}

// ---------------------------------------------------------------- the rules

/** As the contract compares: rules by name, lists as sets, errors alone. */
function comparable(outcome) {
  const sorted = (value) => (Array.isArray(value)
    ? value.map((entry) => JSON.stringify(entry.rule ?? entry)).sort()
    : value);
  if (outcome.errors.length > 0) return { errors: sorted(outcome.errors) };
  return Object.fromEntries(Object.entries(outcome).sort().map(([key, value]) => [key, sorted(value)]));
}

test('every vector passes in the browser and through pledge check', async () => {
  const text = JSON.stringify(VECTORS.map(({ answers }) => answers));
  const page = await rulesPage(browser);
  const inBrowser = await page.evaluate(([text, today]) => globalThis.rules.check(text, today), [text, TODAY]);
  const { code, stdout } = await pledgeCheck(text);
  assert.equal(code, 0);
  assert.equal(`${inBrowser}\n`, stdout, 'the same bytes');
  const outcomes = JSON.parse(inBrowser);
  assert.equal(outcomes.length, VECTORS.length);
  VECTORS.forEach(({ id, expect }, at) => {
    assert.deepEqual(comparable(outcomes[at]), comparable({ ...expect, errors: expect.errors ?? [] }), id);
  });
  await page.close();
});

test('100,000 random answers give the same bytes in the browser and through pledge check, 10,000 a call under 2 s', async () => {
  const page = await rulesPage(browser);
  const statuses = new Map();
  for (let seed = 1; seed <= 10; seed += 1) {
    const [answers, inBrowser] = await page.evaluate(([seed, today]) => {
      const answers = globalThis.rules.random_answers(seed, 10_000);
      return [answers, globalThis.rules.check(answers, today)];
    }, [seed, TODAY]);
    const native = await pledgeCheck(answers);
    assert.equal(native.code, 0, native.stderr);
    assert.equal(`${inBrowser}\n`, native.stdout, `seed ${seed}`);
    assert.ok(native.seconds < 2, `10,000 answers took ${native.seconds} s`);
    for (const { status } of JSON.parse(inBrowser)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  for (const status of ['in_care', 'eligible', 'relevant', 'former_relevant', 'qualifying', 'none', 'ask', null]) {
    assert.ok(statuses.get(status) > 100, `${status}: ${statuses.get(status)} of 100,000`);
  }
  await page.close();
});

test('pledge check refuses what is not answers, and says why', async () => {
  for (const text of ['', '{', '3', '"x"', '{"born": }']) {
    const { code, stdout, stderr } = await pledgeCheck(text);
    assert.deepEqual([code, stdout], [2, ''], text);
    assert.match(stderr, /JSON|object/, text);
  }
});

// ---------------------------------------------------------------- the journey

const STORIES = {
  'in care at 16, with a foster carer': {
    born: check.yearsAgo(16, 40), care: 'now', 'spell-from': check.yearsAgo(2), 'spell-basis': 'care_order',
    'spell-home': 'foster_carer', 'spell-council': 'this_council',
  },
  'left care at 17, went home, only knows the months': {
    born: check.yearsAgo(17, 100), care: 'before', 'spell-from': check.month(check.yearsAgo(3)),
    'spell-to': check.month(check.yearsAgo(0, 190)), 'spell-basis': 'section_20', 'spell-home': 'childrens_home',
    'spell-council': 'other_england', home: 'yes', 'home-from': check.month(check.yearsAgo(0, 190)), 'home-to': 'on',
    'home-with': 'parent',
  },
  'nobody knows anything, at 20': {
    born: check.yearsAgo(20), care: 'not_sure', 'spell-from': 'unknown', 'spell-to': 'not_sure', 'spell-basis': 'not_sure',
    'spell-home': 'not_sure', 'spell-council': 'not_sure',
  },
  'never in care, at 12': { born: check.yearsAgo(12), care: 'never' },
};

for (const [name, story] of Object.entries(STORIES)) {
  test(`the same answers give the same page with scripts off and on: ${name}`, async () => {
    const texts = [];
    for (const javaScript of [false, true]) {
      const { context, page, seen, cdp, forget } = await open(javaScript);
      forget();
      if (javaScript) await context.setOffline(true);
      await check.run(page, story);
      texts.push(await check.resultText(page));
      assert.equal(seen.requests.length === 0, javaScript, 'requests only without scripts');
      assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/check', 'no answer in the address');
      if (javaScript) {
        assert.equal(await page.evaluate(() => history.length), 2, 'one page in the history');
        assert.deepEqual(await leftovers(context, page, cdp, server), []);
      }
      assert.equal(await sideways(page), 0);
      assert.deepEqual(faults(seen), []);
      await context.close();
    }
    assert.equal(texts[0], texts[1]);
  });
}

const STORY = STORIES['in care at 16, with a foster carer'];

for (const javaScript of [true, false]) {
  const mode = javaScript ? 'on' : 'off';

  test(`a wrong answer is said in words that lead to the field, JavaScript ${mode}`, async () => {
    const { context, page, seen } = await open(javaScript);
    const wrong = async (fields, code, field) => {
      for (const [name, value] of Object.entries(fields)) await page.locator(`#check-ask [name=${name}]`).fill(value);
      await check.next(page);
      const link = page.locator('#errors').getByRole('link');
      await link.waitFor();
      assert.equal((await link.innerText()).trim(), t(`check.error.${code}`));
      assert.equal(await link.getAttribute('href'), `#${field}`);
      assert.equal(await page.locator(`[id="${field}"]`).count(), 1);
      for (const [name, value] of Object.entries(fields)) {
        assert.equal(await page.locator(`#check-ask [name=${name}]`).inputValue(), value, 'what was typed stays');
      }
    };
    await wrong({}, 'required', 'day');
    await wrong({ day: '31', month: '2', year: '2010' }, 'not_a_date', 'day');
    await wrong({ day: '1', month: '3', year: '2190' }, 'in_future', 'day');
    await wrong({ day: '1', month: '3', year: '1826' }, 'not_a_date', 'day');
    await wrong({ day: '1', month: '3', year: '1903' }, 'too_old', 'day');
    await wrong({ day: '', month: '3', year: '2010' }, 'day_needed', 'day');
    await check.give(page, 'born', STORY.born);
    await check.next(page);
    await page.getByRole('heading', { level: 1, name: t('check.q.care.title') }).waitFor();
    await check.next(page);
    const link = page.locator('#errors').getByRole('link');
    assert.equal((await link.innerText()).trim(), t('check.error.required'));
    assert.deepEqual(faults(seen), []);
    await context.close();
  });

  test(`going back and changing an answer keeps the rest, JavaScript ${mode}`, async () => {
    const { context, page, seen } = await open(javaScript);
    await check.run(page, STORY);
    const before = await check.resultText(page);
    assert.ok(before.includes(t('check.status.eligible.legal')), before);
    const change = page.getByRole('button').filter({ hasText: `${t('check.change')}: ${t('check.q.spell-from.short')} 1` });
    await change.click();
    await page.locator('#check-ask [name=year]').waitFor();
    assert.equal(await page.locator('#check-ask [name=year]').inputValue(), STORY['spell-from'].slice(0, 4));
    await check.give(page, 'spell-from', check.yearsAgo(0, 10));
    await check.next(page);
    await check.run(page, STORY);
    const after = await check.resultText(page);
    assert.ok(after.includes(t('check.status.in_care.legal')), after);
    await page.getByRole('button').filter({ hasText: `${t('check.change')}: ${t('check.q.care.short')}` }).first().click();
    await page.getByRole('button', { name: t('check.back'), exact: true }).click();
    assert.equal(await page.locator('#check-ask [name=day]').inputValue(), STORY.born.slice(8));
    assert.deepEqual(faults(seen), []);
    await context.close();
  });

  test(`the sheet, the calendar and starting again, JavaScript ${mode}`, async () => {
    const { context, page, seen, forget } = await open(javaScript);
    forget();
    await check.run(page, STORY);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: t('check.result.calendar'), exact: true }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'dates.ics');
    const file = readFileSync(await download.path(), 'utf8');
    const [year, month, day] = STORY.born.split('-');
    assert.match(file, /^BEGIN:VCALENDAR\r\n/);
    assert.ok(file.includes(`DTSTART;VALUE=DATE:${Number(year) + 18}${month}${day}\r\nSUMMARY:${t('check.dates.b18')}\r\n`), file);
    assert.ok(file.includes(t('check.dates.talk')));
    await page.getByRole('button', { name: t('check.result.sheet'), exact: true }).click();
    await page.getByText(t('check.result.sheet-lead')).waitFor();
    assert.equal(await page.getByText(t('check.result.told-no')).first().isVisible().catch(() => false), false);
    await page.getByRole('button', { name: t('check.result.sheet-back'), exact: true }).click();
    await page.getByRole('button', { name: t('check.result.sheet'), exact: true }).waitFor();
    await page.getByRole('link', { name: t('check.again'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: t('check.q.born.title') }).waitFor();
    assert.equal(await page.locator('#check-ask [name=year]').inputValue(), '');
    assert.ok(!(await page.content()).includes(STORY.born), 'no answer is left in the page');
    if (javaScript) assert.deepEqual(seen.requests, []);
    assert.deepEqual(faults(seen), []);
    await context.close();
  });
}

test('an entitlement leads to Speak with itself attached', async () => {
  const { context, page } = await open(true);
  await check.run(page, STORY);
  const offer = page.locator('details.offer').first();
  const title = (await offer.locator('h3').innerText()).trim();
  await offer.locator('summary').click();
  await offer.getByRole('button', { name: t('check.result.told-no') }).click();
  await page.getByRole('heading', { level: 1, name: t('speak.about.title') }).waitFor();
  assert.ok((await page.getByRole('main').innerText()).includes(title));
  assert.equal(await page.locator('[name=link]').inputValue(), 'entitlement:say-in-decisions');
  assert.equal(new URL(page.url()).search, '', 'nothing of it in the address');
  await context.close();
});

test('a question, an error and the result can be used in all eight ways and by keyboard', async () => {
  const { context, page } = await open(true, { bypassCSP: true });
  const found = [];
  const looked = async (name) => { found.push(...(await look(page)).map((line) => `${name} ${line}`)); };
  await looked('question');
  await check.next(page);
  await looked('error');
  await check.run(page, STORY);
  await looked('result');
  assert.deepEqual(found, []);
  await context.close();
});
