// What a young person does, as they would do it: by the words they read.

import assert from 'node:assert/strict';
import { t } from './words.mjs';

/** A button by its words. */
export const button = (page, key) => page.getByRole('button', { name: t(key), exact: true });

/** A link by its words. */
export const link = (page, key) => page.getByRole('link', { name: t(key), exact: true });

/** On the check page: the button that changes the answer to a question. */
export const changeOf = (page, question) => page.getByRole('button')
  .filter({ hasText: `${t('speak.check.change')}: ${t(question)}` });

/** Waits until the page has this heading. */
export const heading = (page, key) => page.getByRole('heading', { level: 1, name: t(key), exact: true }).waitFor();

/** The field with this label. A label may carry a hint or an error after it. */
export const field = (page, key) => page.getByLabel(t(key), { exact: true });

/** The summary of what needs mending. */
export const summary = (page) => page.getByRole('alert').filter({ hasText: t('errors.title') });

/** Waits for the summary, and checks that each of its links leads to a field of this page and says what to do. */
export async function errorsOnPage(page, keys) {
  await summary(page).waitFor();
  const links = summary(page).getByRole('link');
  const said = (await links.allInnerTexts()).map((text) => text.trim());
  assert.deepEqual(said, keys.map((key) => t(key)));
  for (const one of await links.all()) {
    const target = await one.getAttribute('href');
    assert.match(target, /^#./, 'a link of the summary leads inside the page');
    assert.equal(await page.locator(`[id="${target.slice(1)}"]`).count(), 1, `${target} is on the page once`);
  }
}

/** Opens Speak and presses start. */
export async function begin(page) {
  await page.goto('/speak');
  await button(page, 'speak.begin').click();
  await heading(page, 'speak.about.title');
}

/** Fills the first step and goes on. */
export async function about(page, { topic }) {
  await field(page, `topic.${topic}`).check();
  await button(page, 'speak.next').click();
  await heading(page, 'speak.say.title');
}

/** Fills the second step and goes on. */
export async function say(page, { said, feeling, wish = '' }) {
  await field(page, 'speak.say.said').fill(said);
  if (feeling) await field(page, `feeling.${feeling}`).check();
  await field(page, 'speak.say.wish').fill(wish);
  await button(page, 'speak.next').click();
  await heading(page, 'speak.safe.title');
}

/** Fills the third step and goes on. Whom it is about is chosen already: nobody. */
export async function safe(page, { safe: answer = 'yes', about: whom }) {
  await field(page, `safe.${answer}`).check();
  assert.ok(await field(page, 'about.nobody').isChecked());
  if (whom) await field(page, `about.${whom}`).check();
  await button(page, 'speak.next').click();
  await heading(page, 'speak.you.title');
}

/** Fills the fourth step and goes on. */
export async function you(page, { identity = '', helped = false }) {
  await field(page, identity ? 'speak.you.named' : 'speak.you.anonymous').check();
  await field(page, 'speak.you.identity').fill(identity);
  await field(page, 'speak.you.helped').setChecked(helped);
  await button(page, 'speak.next').click();
  await heading(page, 'speak.check.title');
}

/** From nothing to the page where everything is checked. */
export async function toCheck(page, answers) {
  await begin(page);
  await about(page, answers);
  await say(page, answers);
  await safe(page, answers);
  await you(page, answers);
}

/** Presses "send" and gives the six words. */
export async function send(page) {
  await button(page, 'speak.check.send').click();
  return receipt(page);
}

/** The six words that are shown. */
export async function receipt(page) {
  await heading(page, 'receipt.title');
  const words = await page.locator('#six-words').getByRole('listitem').allInnerTexts();
  assert.equal(words.length, 6);
  for (const word of words) assert.match(word, /^[a-z]+$/);
  return words;
}

/** Sends a view from the start. */
export async function sendView(page, answers) {
  await toCheck(page, answers);
  return send(page);
}

/** Comes back with the words as typed. */
export async function follow(page, typed) {
  await page.goto('/follow');
  await field(page, 'follow.words').fill(typed);
  await button(page, 'follow.open').click();
}

/** Comes back and waits for the timeline; gives the text of the whole page. */
export async function thread(page, words) {
  await follow(page, words.join(' '));
  return threadText(page);
}

/** The text of the timeline page that is open. */
export async function threadText(page) {
  await page.getByRole('heading', { name: t('follow.timeline'), exact: true }).waitFor();
  return page.getByRole('main').innerText();
}
