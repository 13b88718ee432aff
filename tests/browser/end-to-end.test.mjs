// From a right to "You said, we did", with JavaScript and without: a young person on a phone, and the people at the desk
// each in a browser of their own.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newContext, PHONE, startBrowser } from './lib/browser.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import { startServer } from './lib/server.mjs';
import { story, test } from './lib/story.mjs';
import { faults, leftovers, openPage } from './lib/watch.mjs';
import { day, t } from './lib/words.mjs';

const MEETING = 'Sample meeting: winter';
const DUE = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// What the address bar, the tab and the requests may show of a young person's way: never a word that was typed.
async function nothingShows(seen, page, secrets) {
  assert.deepEqual(faults(seen), []);
  const { pathname, search, hash } = new URL(page.url());
  assert.ok(['/speak', '/follow'].includes(pathname + search + hash), `the address is ${page.url()}`);
  assert.equal(await page.title(), t('site.name'), 'the title says nothing');
  const places = new Set(seen.addresses.map((url) => url.replace(server.origin, '')));
  for (const place of places) assert.match(place, /^(about:blank|\/rights\/[a-z-]+|\/speak|\/follow|\/you-said)$/);
  for (const { url } of seen.requests) {
    for (const secret of secrets) assert.ok(!decodeURIComponent(url).includes(secret), `${url} holds what was typed`);
  }
}

async function nothingStays(context, opened) {
  assert.deepEqual(await leftovers(context, opened.page, opened.cdp, server), []);
}

for (const { javaScript, right, topic, change } of [
  { javaScript: true, right: '/rights/visits', topic: 'worker', change: 'plan' },
  { javaScript: false, right: '/rights/family-time', topic: 'family-time', change: 'money' },
]) {
  const mode = javaScript ? 'on' : 'off';
  const said = `Nobody came to see me since August. (${mode}) <b>"quoted" & more</b>`;
  const wish = `Somebody rings me first. (${mode})`;
  const question = `Did anyone ring you? (${mode})`;
  const answer = `No, nobody did. (${mode})`;
  const approved = `A young person has had no visit for three months. (${mode})`;
  const decision = {
    said: `Visits are missed and nobody says why. (${mode})`,
    decided: `Every missed visit is reported to the committee. (${mode})`,
    answer: `You were right to tell us. (${mode})`,
    owner: `Head of visits (${mode})`,
    due: DUE,
  };

  test(`the whole line with JavaScript ${mode}`, async (part) => {
    const then = story(part);
    const context = await newContext(browser, server, { ...PHONE, javaScriptEnabled: javaScript });
    const opened = await openPage(context, server, { javaScript });
    const { page, seen } = opened;
    const people = [];
    const atDesk = async (name) => {
      const person = await desk.signIn(browser, server, name, { javaScriptEnabled: javaScript });
      people.push(person);
      return person.page;
    };
    let words;

    await then('a right offers to tell the committee and comes along', async () => {
      await page.goto(right);
      const title = await page.getByRole('heading', { level: 1 }).innerText();
      await young.button(page, 'rights.tell').click();
      await young.heading(page, 'speak.about.title');
      const text = await page.getByRole('main').innerText();
      assert.ok(text.includes(t('speak.about.attached', { title: title.trim() })), 'the right is attached');
      assert.ok(await young.field(page, `topic.${topic}`).isChecked(), 'its topic is chosen');
      await nothingShows(seen, page, []);
    });

    await then('an empty step says what is missing and keeps every word', async () => {
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.say.title');
      await young.field(page, 'speak.say.wish').fill(wish);
      await young.field(page, 'feeling.angry').check();
      await young.button(page, 'speak.next').click();
      await young.errorsOnPage(page, ['error.said.empty']);
      assert.equal(await young.field(page, 'speak.say.wish').inputValue(), wish);
      assert.ok(await young.field(page, 'feeling.angry').isChecked());
      await young.field(page, 'speak.say.said').fill(said);
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.safe.title');
      await young.button(page, 'speak.next').click();
      await young.errorsOnPage(page, ['error.safe.empty']);
      await nothingShows(seen, page, [said, wish]);
    });

    if (javaScript) {
      await then('the count and the hints answer while typing', async () => {
        await young.button(page, 'speak.back').click();
        await young.heading(page, 'speak.say.title');
        const box = young.field(page, 'speak.say.said');
        const room = Number(await box.getAttribute('maxlength'));
        const left = (text) => page.getByText(t('composer.left', { left: room - text.length }), { exact: true });
        await left(said).waitFor();
        const hint = page.getByText(t('composer.phone'), { exact: true });
        assert.ok(!(await hint.isVisible()), 'no warning without a reason');
        await box.press('End');
        await box.pressSequentially(' 07700 900123');
        await left(`${said} 07700 900123`).waitFor();
        await hint.waitFor();
        await box.fill(said);
        await hint.waitFor({ state: 'hidden' });
        await left(said).waitFor();
        await young.button(page, 'speak.next').click();
        await young.heading(page, 'speak.safe.title');
      });
    }

    await then('Back keeps everything', async () => {
      await young.field(page, 'safe.yes').check();
      await young.button(page, 'speak.back').click();
      await young.heading(page, 'speak.say.title');
      assert.equal(await young.field(page, 'speak.say.said').inputValue(), said);
      assert.equal(await young.field(page, 'speak.say.wish').inputValue(), wish);
      assert.ok(await young.field(page, 'feeling.angry').isChecked());
      await young.button(page, 'speak.back').click();
      await young.heading(page, 'speak.about.title');
      assert.ok(await young.field(page, `topic.${topic}`).isChecked());
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.you.title');
      await young.button(page, 'speak.back').click();
      await young.heading(page, 'speak.safe.title');
      assert.ok(await young.field(page, 'safe.yes').isChecked(), 'an answer given before going back is kept');
      // Going back did not answer the question about the name, so it is asked again; then every question has an answer.
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.you.title');
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.check.title');
    });

    await then('a name that is asked for but not given is an error', async () => {
      await young.changeOf(page, 'speak.check.name').click();
      await young.heading(page, 'speak.you.title');
      await young.field(page, 'speak.you.named').check();
      await young.field(page, 'speak.you.helped').check();
      await young.button(page, 'speak.next').click();
      await young.errorsOnPage(page, ['error.identity.empty']);
      assert.ok(await young.field(page, 'speak.you.helped').isChecked());
      await young.field(page, 'speak.you.anonymous').check();
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.check.title');
    });

    await then('the check page shows every answer and each can be changed', async () => {
      const shown = await page.getByRole('main').innerText();
      for (const each of [said, wish, t('feeling.angry'), t('safe.yes'), t(`topic.${topic}`), t('speak.check.helped-yes')]) {
        assert.ok(shown.includes(each), `the check page lacks "${each}"`);
      }
      await young.changeOf(page, 'speak.check.topic').click();
      await young.heading(page, 'speak.about.title');
      await young.field(page, `topic.${change}`).check();
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.check.title');
      const after = await page.getByRole('main').innerText();
      assert.ok(after.includes(t(`topic.${change}`)) && after.includes(said), 'one answer changes, the others stay');
      await young.changeOf(page, 'speak.check.topic').click();
      await young.field(page, `topic.${topic}`).check();
      await young.button(page, 'speak.next').click();
      await young.heading(page, 'speak.check.title');
    });

    await then('sending gives six words, and typing them back is answered', async () => {
      words = await young.send(page);
      const typed = young.field(page, 'receipt.typed');
      if (javaScript) {
        await typed.pressSequentially(words.slice(0, 5).join(' '));
        const yes = page.getByText(t('receipt.same'), { exact: true });
        assert.ok(!(await yes.isVisible()));
        await typed.pressSequentially(` ${words[5]}`);
        await yes.waitFor();
      } else {
        await typed.fill('apple');
        await young.button(page, 'receipt.check').click();
        await young.errorsOnPage(page, ['error.typed.different']);
        assert.deepEqual(await young.receipt(page), words, 'the words are still shown');
        await typed.fill(words.join(' '));
      }
      await young.button(page, 'receipt.check').click();
      await young.heading(page, 'receipt.kept-title');
      await nothingShows(seen, page, [said, wish, ...words]);
      await nothingStays(context, opened);
    });

    await then('SpeakerBox finds the view and asks back', async () => {
      const speakerbox = await atDesk('sample-speakerbox');
      const text = await desk.openView(speakerbox, { show: 'waiting', topic, said });
      assert.ok(text.includes(wish));
      await desk.write(speakerbox, 'ask-back', question);
      assert.ok((await speakerbox.getByRole('main').innerText()).includes(question));
    });

    await then('the sender comes back in capitals with hyphens and answers', async () => {
      await young.follow(page, words.join('-').toUpperCase());
      assert.ok((await young.threadText(page)).includes(question));
      await young.field(page, 'follow.message').fill(answer);
      await young.button(page, 'follow.send').click();
      await page.getByText(t('follow.done.write'), { exact: true }).waitFor();
      assert.ok((await young.threadText(page)).includes(answer));
      await nothingShows(seen, page, [answer, ...words]);
      await nothingStays(context, opened);
    });

    await then('SpeakerBox writes a note, approves a text and puts it on a meeting', async () => {
      const { page: speakerbox } = people.at(-1);
      const text = await desk.openView(speakerbox, { show: 'waiting', topic, said });
      assert.ok(text.includes(answer), 'the answer is there to read');
      await desk.write(speakerbox, 'note', `Third one this month. (${mode})`);
      await desk.write(speakerbox, 'approve', approved);
      await desk.putOnMeeting(speakerbox, MEETING);
      assert.ok((await young.thread(page, words)).includes(approved), 'the sender reads the text for the committee');
    });

    await then('the committee sees that text only, and decides', async () => {
      const committee = await atDesk('sample-committee');
      const text = await desk.openItem(committee, MEETING, approved);
      for (const hidden of [said, wish, question, answer, 'Third one']) {
        assert.ok(!text.includes(hidden), `the committee reads "${hidden}"`);
      }
      await desk.decide(committee, decision);
      await page.goto('/you-said');
      assert.ok(!(await page.getByRole('main').innerText()).includes(decision.decided), 'nothing is public before it is published');
      assert.ok(!(await young.thread(page, words)).includes(decision.answer), 'the sender reads it when it is published');
    });

    await then('publishing tells everybody and the sender in one act', async () => {
      const clerk = await atDesk('sample-clerk');
      await desk.openItem(clerk, MEETING, approved);
      await desk.press(clerk, 'publish');
      await page.goto('/you-said');
      const all = await page.getByRole('main').innerText();
      const promise = t('you-said.owner', { owner: decision.owner, date: day(DUE) });
      for (const each of [decision.said, decision.decided, promise]) assert.ok(all.includes(each), `/you-said lacks "${each}"`);
      assert.ok(!all.includes(decision.answer), 'the answer is for the sender only');
      const own = await young.thread(page, words);
      for (const each of [decision.decided, decision.answer, promise]) assert.ok(own.includes(each), `the timeline lacks "${each}"`);
      assert.ok(!own.includes('Third one'), 'a private note stays private');
    });

    await then('the council says it is done, and the sender agrees', async () => {
      const { page: clerk } = people.at(-1);
      await desk.openItem(clerk, MEETING, approved);
      await desk.press(clerk, 'mark-done');
      assert.ok((await young.thread(page, words)).includes(t('follow.verdict')));
      await young.button(page, 'follow.agree').click();
      await page.getByText(t('follow.done.agree'), { exact: true }).waitFor();
      assert.ok((await young.threadText(page)).includes(t('timeline.you-agreed')));
      await nothingShows(seen, page, words);
      await nothingStays(context, opened);
      await page.goto('/you-said');
      const entry = page.getByRole('article').filter({ hasText: decision.decided });
      assert.ok((await entry.innerText()).includes(t('state.agreed.public')));
    });

    await then('nothing went wrong on the way', async () => {
      assert.deepEqual(faults(seen), []);
      for (const person of people) assert.deepEqual(faults(person.seen), []);
    });

    for (const person of people) await person.context.close();
    await context.close();
  });
}

test('without JavaScript nothing is loaded for it', async () => {
  const context = await newContext(browser, server, { ...PHONE, javaScriptEnabled: false });
  const { page, seen } = await openPage(context, server, { javaScript: false });
  await young.begin(page);
  await young.about(page, { topic: 'money' });
  await page.waitForLoadState('networkidle');
  assert.deepEqual(seen.requests.map(({ kind }) => kind), ['document', 'document', 'document']);
  await context.close();
});

test('text typed before the WASM arrives survives, and is counted when it comes', async () => {
  const context = await newContext(browser, server, PHONE);
  const { page, seen } = await openPage(context, server);
  let arrive;
  const held = new Promise((resolve) => { arrive = resolve; });
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/speak');
  await young.button(page, 'speak.begin').click();
  await young.field(page, 'topic.school').check();
  await young.button(page, 'speak.next').click({ noWaitAfter: true });
  const box = young.field(page, 'speak.say.said');
  const text = 'Typed at once, before anything was loaded. Ring 07700 900123.';
  await box.pressSequentially(text);
  await young.field(page, 'feeling.mixed').check();
  assert.ok(!(await page.getByText(t('composer.phone'), { exact: true }).isVisible()), 'the island is not awake yet');
  arrive();
  await page.getByText(t('composer.phone'), { exact: true }).waitFor();
  const room = Number(await box.getAttribute('maxlength'));
  await page.getByText(t('composer.left', { left: room - text.length }), { exact: true }).waitFor();
  assert.equal(await box.inputValue(), text);
  assert.ok(await young.field(page, 'feeling.mixed').isChecked());
  assert.deepEqual(faults(seen), []);
  await context.close();
});

for (const [name, breakIt, expected] of [
  ['the WASM is blocked', (page) => page.route('**/*.wasm', (route) => route.abort()), /ERR_FAILED|wasm|fetch|not used/i],
  ['the script throws', (page) => page.route('**/speak.js', (route) => route.fulfill({
    contentType: 'text/javascript', body: 'throw new Error("broken on purpose");',
  })), /broken on purpose|not used|does not provide|requested module|speak_bg\.wasm/],
]) {
  test(`sending works when ${name}`, async () => {
    const context = await newContext(browser, server, PHONE);
    const { page, seen } = await openPage(context, server);
    await breakIt(page);
    const words = await young.sendView(page, { topic: 'health', said: `Still here although ${name}.`, feeling: 'okay' });
    await young.field(page, 'receipt.typed').fill(words.join('  '));
    await young.button(page, 'receipt.check').click();
    await young.heading(page, 'receipt.kept-title');
    assert.ok((await young.thread(page, words)).includes(`Still here although ${name}.`));
    const unexpected = faults(seen).filter((fault) => !expected.test(fault));
    assert.deepEqual(unexpected, [], 'nothing breaks but what was broken');
    assert.notDeepEqual(faults(seen), [], 'it was really broken');
    await context.close();
  });
}
