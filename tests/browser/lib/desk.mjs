// What people at the desk do, as they would do it: by the words they read.

import assert from 'node:assert/strict';
import { newContext } from './browser.mjs';
import { button, heading } from './journey.mjs';
import { openPage } from './watch.mjs';
import { pattern, t } from './words.mjs';

/** Types name and password into the sign-in page that is open, and presses the button. */
export async function typeSignIn(page, name, password) {
  await page.getByLabel(t('desk.sign-in.name'), { exact: true }).fill(name);
  await page.getByLabel(t('desk.sign-in.password'), { exact: true }).fill(password);
  await button(page, 'desk.sign-in.button').click();
}

/** Types a code into the page of the second step, and presses the button. */
export async function typeCode(page, code) {
  await page.getByLabel(t('desk.code.label'), { exact: true }).fill(code);
  await button(page, 'desk.code.button').click();
}

/** Both steps of signing a sample person in, from the sign-in page that is open. */
export async function bothSteps(page, server, name) {
  await typeSignIn(page, name, server.passwords[name]);
  await heading(page, 'desk.code.title');
  await typeCode(page, server.codes.next(name));
}

/** Signs a sample person in, in a browser of their own. Gives the context, the page and what is seen. */
export async function signIn(browser, server, name, options = {}) {
  const context = await newContext(browser, server, options);
  const opened = await openPage(context, server);
  await opened.page.goto('/desk/sign-in');
  await bothSteps(opened.page, server, name);
  await button(opened.page, 'desk.sign-out').waitFor();
  return { context, ...opened };
}

/** How many views a part of the queue holds. */
export async function countOf(page, show) {
  await page.goto('/desk/queue');
  const tabs = page.getByRole('navigation', { name: t('desk.queue.tabs'), exact: true }).getByRole('link');
  const tab = pattern('desk.queue.tab');
  for (const text of await tabs.allInnerTexts()) {
    const [, name, count] = tab.exec(text) ?? [];
    if (name === t(`queue.show.${show}`)) return Number(count);
  }
  throw new Error(`The queue has no part ${show}.`);
}

/** The rows of a part of the queue with this topic. */
export async function rowsOf(page, show, topic) {
  await page.goto('/desk/queue');
  const tabs = page.getByRole('navigation', { name: t('desk.queue.tabs'), exact: true });
  await tabs.getByRole('link', { name: t(`queue.show.${show}`) }).first().click();
  await page.getByLabel(t('desk.queue.topic'), { exact: true }).selectOption({ label: t(`topic.${topic}`) });
  await button(page, 'desk.queue.topic-button').click();
  await page.getByRole('link', { name: t('desk.queue.topic-clear'), exact: true }).waitFor();
  return page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) });
}

/** Opens the view with this text from the queue. Rows show no text, so each is opened until it is found. */
export async function openView(page, { show, topic, said }) {
  const rows = await rowsOf(page, show, topic);
  const links = await rows.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  for (const href of links) {
    await page.goto(href);
    const text = await page.getByRole('main').innerText();
    if (text.includes(said)) return text;
  }
  throw new Error(`No view about ${topic} in ${show} holds "${said}".`);
}

/** One of the acts of a view, opened. */
export async function openAct(page, id) {
  const folded = page.locator('details').filter({ has: page.locator('summary', { hasText: t(`action.${id}.button`) }) });
  await folded.waitFor();
  const form = folded.locator('form');
  if (!(await form.isVisible())) await folded.locator('summary').click();
  await form.waitFor();
  return form;
}

/** Does something that needs a text. */
export async function write(page, id, text) {
  const form = await openAct(page, id);
  await form.getByLabel(t(`action.${id}.label`), { exact: true }).fill(text);
  await form.getByRole('button', { name: t(`action.${id}.send`), exact: true }).click();
  await done(page);
}

/** Waits for the line that says that something was done, and gives it. */
export async function done(page) {
  // The clock of the safety lane is a status too.
  const line = page.getByRole('main').getByRole('status').and(page.locator('.done'));
  await line.waitFor();
  return (await line.innerText()).trim();
}

/** Puts the approved text on the meeting with this title. */
export async function putOnMeeting(page, title) {
  const form = await openAct(page, 'list');
  const choice = form.getByLabel(t('action.list.label'), { exact: true });
  const option = await choice.locator('option').filter({ hasText: title }).getAttribute('value');
  await choice.selectOption(option);
  await form.getByRole('button', { name: t('action.list.send'), exact: true }).click();
  await done(page);
}

/** Opens a meeting from the list of meetings. */
export async function openMeeting(page, title) {
  await page.goto('/desk/meetings');
  await heading(page, 'desk.meetings.title');
  await page.getByRole('listitem').filter({ hasText: title }).getByRole('link').click();
  await page.getByRole('heading', { name: t('desk.meeting.list'), exact: true }).waitFor();
}

/** Opens a text on a meeting's list. */
export async function openItem(page, title, approved) {
  await openMeeting(page, title);
  await page.getByRole('listitem').filter({ hasText: approved }).getByRole('link').click();
  await page.getByRole('link', { name: t('desk.item.back'), exact: true }).waitFor();
  return page.getByRole('main').innerText();
}

/** Writes the decision down: a yes, and before the meeting's day a reason why it cannot wait. */
export async function decide(page, decision) {
  await page.getByRole('radio', { name: t('kind.yes.name'), exact: true }).check();
  const urgent = page.getByLabel(t('desk.item.urgent-label'), { exact: true });
  if (await urgent.count()) await urgent.fill('Sample: somebody needs the answer this week.');
  for (const [name, value] of Object.entries(decision)) {
    await page.getByLabel(t(`desk.item.${name}-label`), { exact: true }).fill(value);
  }
  await button(page, 'action.decide.send').click();
  await done(page);
}

/** Presses a button of the item that is open: `publish` or `mark-done`. */
export async function press(page, id) {
  await button(page, `action.${id}.send`).click();
  await done(page);
}

/** What nobody at the desk may find wrong with a page. */
export function cleanDesk(seen, faults) {
  assert.deepEqual(faults(seen), []);
}
