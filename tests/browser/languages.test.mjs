// The other languages in a real browser: a whole journey in each, with and without JavaScript, every step looked at in all
// eight ways; and what is written from right to left stands there from right to left. With PLEDGE_PICTURES set, pictures of
// it all in `out/`.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, startBrowser } from './lib/browser.mjs';
import { awake } from './lib/check.mjs';
import * as desk from './lib/desk.mjs';
import { look } from './lib/look.mjs';
import { takePictures } from './lib/picture.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { faults, openPage, sideways } from './lib/watch.mjs';
import { wordsIn } from './lib/words.mjs';

const LONG_MS = 900_000;
const SAID = { es: 'Nadie me preguntó antes de mudarme.', ar: 'لم يسألني أحد قبل أن أنتقل.' };
const LANGUAGES = [['es', 'ltr'], ['ar', 'rtl']];

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// A journey through Speak and Follow by the words of a language; `at` is called on every page of it.
async function journey(page, language, at) {
  const t = wordsIn(language);
  const button = (key) => page.getByRole('button', { name: t(key), exact: true });
  const field = (key) => page.getByLabel(t(key), { exact: true });
  const heading = (key) => page.getByRole('heading', { level: 1, name: t(key), exact: true }).waitFor();
  const next = async (key) => { await button('speak.next').click(); await heading(key); };

  await page.goto(`/${language}`);
  await at('home');
  await page.getByRole('link', { name: t('home.speak'), exact: true }).click();
  await at('speak');
  await button('speak.begin').click();
  await heading('speak.about.title');
  await at('about');
  await button('speak.next').click();
  await page.getByRole('alert').filter({ hasText: t('errors.title') }).waitFor();
  await at('about-wrong');
  await field('topic.worker').check();
  await next('speak.say.title');
  await field('speak.say.said').fill(SAID[language]);
  await at('say');
  await next('speak.safe.title');
  await at('safe');
  await field('safe.not-sure').check();
  await next('speak.you.title');
  await at('you');
  await next('speak.check.title');
  await at('check');
  await button('speak.check.send').click();
  await heading('receipt.title');
  const words = await page.locator('#six-words').getByRole('listitem').allInnerTexts();
  assert.equal(words.length, 6);
  await at('receipt');
  await field('receipt.typed').fill(`${words.join(' ')} `);
  await at('receipt-typed');
  await button('receipt.check').click();
  await heading('receipt.kept-title');
  await at('receipt-kept');
  await page.getByRole('link', { name: t('receipt.follow'), exact: true }).click();
  await at('follow');
  await field('follow.words').fill(words.join(' '));
  await button('follow.open').click();
  await page.getByRole('heading', { name: t('follow.timeline'), exact: true }).waitFor();
  assert.ok((await page.getByRole('main').innerText()).includes(SAID[language]));
  await at('thread');
  await field('follow.message').fill(SAID[language]);
  await button('follow.send').click();
  await page.getByText(t('follow.done.write'), { exact: true }).waitFor();
  await at('thread-written');
}

// Whatever was pressed: the page is in the language, and so is its address.
async function inLanguage(page, language, direction) {
  const shown = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, location.pathname.split('/')[1]]);
  assert.deepEqual(shown, [language, direction, language]);
}

for (const [language, direction] of LANGUAGES) {
  for (const mode of ['on', 'off']) {
    test(`a view is sent and followed in ${language}, JavaScript ${mode}`, async () => {
      const javaScript = mode === 'on';
      const context = await newContext(browser, server, { viewport: { width: 320, height: 640 }, javaScriptEnabled: javaScript });
      const { page, seen } = await openPage(context, server, { javaScript });
      await journey(page, language, async (name) => {
        await page.waitForLoadState('networkidle');
        await inLanguage(page, language, direction);
        if (!javaScript) return;
        assert.equal(await sideways(page), 0, name);
        if (name === 'say') {
          // The count of characters that are left is in the language too, with the same digits.
          const left = page.locator('#composer [data-line=left]');
          await left.filter({ hasText: String(4000 - SAID[language].length) }).waitFor();
        }
        if (name === 'receipt-typed') await page.getByText(wordsIn(language)('receipt.same'), { exact: true }).waitFor();
      });
      assert.deepEqual(faults(seen), []);
      await context.close();
    });
  }

  test(`every step in ${language} can be used in all eight ways and by keyboard`, { timeout: LONG_MS }, async () => {
    const context = await newContext(browser, server, { bypassCSP: true });
    const page = await context.newPage();
    const problems = [];
    await journey(page, language, async (name) => {
      await page.waitForLoadState('networkidle');
      await takePictures(page, `${language}-${name}`);
      problems.push(...(await look(page)).map((line) => `${name}: ${line}`));
    });
    // Those that no sitemap names. `reading.test.mjs` looks at the others.
    for (const address of ['rights/visits', 'nothing-here']) {
      await page.goto(`/${language}/${address}`);
      await takePictures(page, `${language}-${address.replace('/', '-')}`);
      problems.push(...(await look(page)).map((line) => `${address}: ${line}`));
    }
    await context.close();
    assert.deepEqual(problems, []);
  });
}

test('from right to left: the name stands right, the way out left, and numbers keep their order', async () => {
  const context = await newContext(browser, server, { viewport: { width: 412, height: 823 } });
  const page = await context.newPage();
  const places = () => page.evaluate(() => {
    const middle = (element) => { const box = element.getBoundingClientRect(); return box.left + box.width / 2; };
    const number = document.querySelector('main a[href="tel:08001111"]');
    const range = document.createRange();
    const parts = [...number.textContent.matchAll(/\d+/g)].map((part) => {
      range.setStart(number.firstChild, part.index);
      range.setEnd(number.firstChild, part.index + part[0].length);
      return middle(range);
    });
    const heading = document.querySelector('h1');
    range.selectNodeContents(heading);
    return {
      nameBeforeLeave: middle(document.querySelector('.name')) < middle(document.querySelector('#leave')),
      headingBeginsLeft: range.getBoundingClientRect().left - heading.getBoundingClientRect().left < 2,
      numberInOrder: parts[0] < parts[1],
    };
  });
  await page.goto('/help');
  assert.deepEqual(await places(), { nameBeforeLeave: true, headingBeginsLeft: true, numberInOrder: true });
  await page.goto('/ar/help');
  assert.deepEqual(await places(), { nameBeforeLeave: false, headingBeginsLeft: false, numberInOrder: true });
  // The control: without its own direction the number would be read the wrong way round, after a word of the language.
  await page.evaluate(() => {
    const number = document.querySelector('main a[href="tel:08001111"]');
    number.removeAttribute('dir');
    number.textContent = '0800 1111';
    // A name in Latin letters before it would turn it round again.
    number.parentNode.replaceChildren('الرقم ', number);
    for (const style of document.querySelectorAll('style')) style.remove();
  });
  assert.equal((await places()).numberInOrder, false);
  await context.close();
});

test('the desk says which language a view was sent from', async () => {
  const context = await newContext(browser, server);
  const page = await context.newPage();
  await journey(page, 'ar', async () => {});
  await context.close();
  const person = await desk.signIn(browser, server, 'sample-coordinator');
  await person.page.goto('/desk/safety');
  await person.page.getByText('Sent from the Arabic pages', { exact: true }).first().waitFor();
  await person.context.close();
});

test('the checker works on a page of another language, and leads to pages of that language', async () => {
  const context = await newContext(browser, server, { viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto('/ar/check');
  await awake(page);
  const links = await page.evaluate(() => [...document.querySelectorAll('#check template')]
    .flatMap((one) => [...one.content.querySelectorAll('a[href^="/"]')].map((link) => link.getAttribute('href'))));
  assert.ok(links.length > 20, `${links.length} links`);
  assert.deepEqual(links.filter((to) => !to.startsWith('/ar/')), []);
  await context.close();
});

test('choosing a language leads to the same page and back, and nothing is kept', async () => {
  const context = await newContext(browser, server, { viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'العربية' }).click();
  await page.waitForURL('**/ar');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Español' }).click();
  await page.waitForURL('**/es');
  await page.goto('/rights/visits');
  await page.getByRole('contentinfo').getByRole('link', { name: 'العربية' }).click();
  await page.waitForURL('**/ar/rights/visits');
  assert.equal(await page.locator('main > div').getAttribute('lang'), 'en');
  await page.getByRole('contentinfo').getByRole('link', { name: 'English' }).click();
  await page.waitForURL((url) => url.pathname === '/rights/visits');
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await context.close();
});
