// However often a view is sent, it is stored once and has the same six words; and when there is no signal, nothing that
// was typed is lost.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, openPage } from './lib/watch.mjs';
import { t } from './lib/words.mjs';

let server;
let browser;
let speakerbox;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  speakerbox = await desk.signIn(browser, server, 'sample-speakerbox');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const stored = () => desk.countOf(speakerbox.page, 'all');

async function atCheck(javaScript, said) {
  const context = await newContext(browser, server, { ...PHONE, javaScriptEnabled: javaScript });
  const opened = await openPage(context, server, { javaScript });
  await young.toCheck(opened.page, { topic: 'health', said, feeling: 'worried' });
  return { context, ...opened };
}

for (const javaScript of [true, false]) {
  const mode = javaScript ? 'on' : 'off';

  test(`a double press and a reload store one view and show the same words, JavaScript ${mode}`, async () => {
    const before = await stored();
    const said = `Pressed twice, scripts ${mode}.`;
    const { context, page, seen } = await atCheck(javaScript, said);
    await young.button(page, 'speak.check.send').dblclick();
    const words = await young.receipt(page);
    assert.equal(await stored(), before + 1);
    await page.reload();
    assert.deepEqual(await young.receipt(page), words, 'a reload shows the same words');
    await page.reload();
    assert.deepEqual(await young.receipt(page), words);
    assert.equal(await stored(), before + 1);
    assert.ok(seen.requests.filter(({ method }) => method === 'POST').length > 6, 'the reloads did send it again');
    assert.ok((await young.thread(page, words)).includes(said));
    assert.deepEqual(faults(seen), []);
    await context.close();
  });
}

test('without a signal the page says so, keeps everything, and sends once when it is back, JavaScript on', async () => {
  const before = await stored();
  const said = 'Sent from a tunnel.';
  const { context, page, seen } = await atCheck(true, said);
  const notice = page.getByRole('alert').getByText(t('guard.no-signal'), { exact: true });
  assert.ok(!(await notice.isVisible()));
  // The guard is awake when it has taken over the button; until then the browser would leave the page.
  await page.waitForFunction(() => [...document.querySelectorAll('leptos-island')].length > 0 && performance.getEntriesByType('resource')
    .some(({ name }) => name.endsWith('.wasm')));
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  for (const press of [1, 2]) {
    await young.button(page, 'speak.check.send').click();
    await notice.waitFor();
    assert.ok((await page.getByRole('main').innerText()).includes(said), `everything is still there after press ${press}`);
  }
  await context.setOffline(false);
  assert.equal(await stored(), before);
  const words = await young.send(page);
  assert.equal(await stored(), before + 1);
  assert.ok((await young.thread(page, words)).includes(said));
  const unexpected = faults(seen).filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'));
  assert.deepEqual(unexpected, []);
  await context.close();
});

test('without a signal and without JavaScript, trying the failed page again sends once', async () => {
  const before = await stored();
  const said = 'Sent from a lift.';
  const { context, page } = await atCheck(false, said);
  await context.setOffline(true);
  await fails(() => young.button(page, 'speak.check.send').click(), page);
  await context.setOffline(false);
  assert.equal(await stored(), before);
  await page.reload();
  const words = await young.receipt(page);
  assert.equal(await stored(), before + 1);
  assert.ok((await young.thread(page, words)).includes(said));
  await context.close();
});

test('without a signal and without JavaScript, going back and pressing again sends once', async () => {
  const before = await stored();
  const said = 'Sent from a basement.';
  const { context, page } = await atCheck(false, said);
  await context.setOffline(true);
  await fails(() => young.button(page, 'speak.check.send').click(), page);
  await context.setOffline(false);
  // The failed page took the place of the last step, and the one before it was the answer to a form: the browser asks
  // before it shows that again, and reloading says yes.
  await assert.rejects(page.goBack(), /ERR_CACHE_MISS/);
  await reload(page);
  await young.heading(page, 'speak.you.title');
  await young.you(page, {});
  const shown = await page.getByRole('main').innerText();
  assert.ok(shown.includes(said) && shown.includes(t('feeling.worried')), 'every word is still there');
  const words = await young.send(page);
  assert.equal(await stored(), before + 1);
  assert.ok((await young.thread(page, words)).includes(said));
  await context.close();
});

// Presses something that leads to the browser's own page about a missing connection.
async function fails(press, page) {
  const failed = page.waitForEvent('requestfailed', (request) => request.isNavigationRequest());
  await press();
  await failed;
  await page.waitForURL(/^chrome-error:/);
}

// Reloads the browser's own error page. It swaps its process as it appears, and refuses a reload in that moment.
async function reload(page) {
  await page.waitForURL(/^chrome-error:/);
  for (let tries = 1; ; tries += 1) {
    try {
      return await page.reload();
    } catch (error) {
      if (tries === 50 || !/Not attached to an active page/.test(error.message)) throw error;
      await page.waitForLoadState();
    }
  }
}
