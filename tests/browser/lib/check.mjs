// Answering the checker's questions, as a young person would.

import { t, ids } from './words.mjs';

/** A day so many years, and so many days more, ago: `YYYY-MM-DD`. Never 29 February. */
export function yearsAgo(years, days = 0) {
  const date = new Date(Date.now() - days * 86_400_000);
  date.setUTCFullYear(date.getUTCFullYear() - years, date.getUTCMonth(), Math.min(date.getUTCDate(), 28));
  return date.toISOString().slice(0, 10);
}

/** Only its month. */
export const month = (day) => day.slice(0, 7);

/** Waits until the island has taken over. */
export const awake = (page) => page.getByText(t('check.on-phone')).waitFor();

/** Presses "next". */
export const next = (page) => page.getByRole('button', { name: t('check.next'), exact: true }).click();

/** Gives an answer: a word of the question's options, a date, a month, a year, a number. */
export async function give(page, id, value) {
  const ask = page.locator('#check-ask');
  const dated = /^\d{4}(-\d\d){0,2}$/.test(value);
  if (!dated) return ask.locator(`[name=v][value=${value}]`).check();
  const option = { day: 'other', course: 'until' }[id] ?? 'ended';
  const radio = ask.locator(`[name=v][value=${option}]`);
  if (await radio.count()) await radio.check();
  const [year, monthOfYear = '', day = ''] = value.split('-');
  await ask.locator('[name=day]').fill(day);
  await ask.locator('[name=month]').fill(monthOfYear);
  return ask.locator('[name=year]').fill(year);
}

const TITLES = ids('check.q').map((id) => [id, t(`check.q.${id}.title`)]);

/** Which question is open. */
async function question(page) {
  const heading = (await page.locator('#check h1').innerText()).trim();
  const found = TITLES.find(([, title]) => heading === title.replace('{n}', '1'));
  if (!found) throw new Error(`No question is called "${heading}".`);
  return found[0];
}

/** Answers every question that is asked, by the story, and "no" to the rest, until the result is there. */
export async function run(page, story) {
  for (let asked = 0; asked < 40; asked += 1) {
    if (await page.locator('#check-title').count()) return;
    const id = await question(page);
    const value = story[id] ?? { 'put-together': 'yes', 'put-want': 'yes' }[id] ?? 'no';
    const before = await page.locator('#check').innerText();
    if (value === 'unknown') {
      await page.getByRole('button', { name: t('check.unknown'), exact: true }).click();
    } else {
      await give(page, id, value);
      await next(page);
    }
    await page.waitForFunction((before) => document.getElementById('check')?.innerText !== before, before);
  }
  throw new Error('The questions do not end.');
}

/** What the result says, without the answers and the buttons. */
export async function resultText(page) {
  await page.locator('#check-title').waitFor();
  await page.locator('#check-result details').evaluateAll((all) => { for (const folded of all) folded.open = true; });
  return page.locator('#check-result').innerText();
}
