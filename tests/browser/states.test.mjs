// Every state of every page that is made for somebody: usable by everybody in every way of looking at it and by keyboard
// (`lib/look.mjs`), and never wider than a small phone. With PLEDGE_PICTURES set, a picture of each in `out/`.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { newContext, startBrowser } from './lib/browser.mjs';
import * as desk from './lib/desk.mjs';
import * as young from './lib/journey.mjs';
import { look } from './lib/look.mjs';
import { takePicture } from './lib/picture.mjs';
import { startServer } from './lib/server.mjs';
import { test } from './lib/story.mjs';
import { sideways } from './lib/watch.mjs';
import { show } from './lib/ways.mjs';
import { t } from './lib/words.mjs';

const MODES = [[320, 640], [412, 823], [1280, 900]]
  .flatMap(([width, height]) => ['light', 'dark'].map((colorScheme) => ({ width, height, colorScheme })));
// A story has many states, each of which is looked at in every way.
const LONG_MS = 600_000;
const LONG_WORD = 'w'.repeat(3000);
const LONG_TEXT = 'Nobody asked me before I had to move. '.repeat(79).slice(0, 3000);
const SAMPLE_WINTER = 'Sample meeting: winter';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// axe needs a page in which a script can be put, so these pages have no Content-Security-Policy.
async function anybody() {
  const context = await newContext(browser, server, { bypassCSP: true });
  return { context, page: await context.newPage() };
}

const atDesk = (name) => desk.signIn(browser, server, name, { bypassCSP: true });

// One state: how to get there from the one before, and then what there is to find.
function stateOf(part, page) {
  return (state, reach) => part.test(state, async () => {
    await reach();
    const problems = [];
    for (const mode of MODES) {
      await show(page, mode);
      const name = `${mode.width} ${mode.colorScheme}`;
      const over = await sideways(page);
      if (over > 0) problems.push(`${name}: scrolls sideways by ${over} px`);
      await takePicture(page, `${state}-${name.replace(' ', '-')}`);
    }
    problems.push(...await look(page));
    assert.deepEqual(problems, []);
  });
}

// Two people at a time: they share nothing but the server.
describe('every state', { concurrency: 2 }, () => {
  test('Speak', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    const press = (key, title) => async () => {
      await young.button(page, key).click();
      await young.heading(page, title);
    };
    const wrong = (key) => async () => {
      await young.button(page, 'speak.next').click();
      await young.errorsOnPage(page, [key]);
    };
    await state('speak-start', () => page.goto('/speak'));
    await state('speak-about', press('speak.begin', 'speak.about.title'));
    await state('speak-about-error', wrong('error.topic.empty'));
    await state('speak-about-attached', async () => {
      await page.goto('/rights/visits');
      await young.button(page, 'rights.tell').click();
      await young.heading(page, 'speak.about.title');
    });
    await state('speak-say', press('speak.next', 'speak.say.title'));
    await state('speak-say-error', wrong('error.said.empty'));
    await state('speak-say-hints', async () => {
      await young.field(page, 'speak.say.said').fill('I am called Sam Sample. I go to Sample School near SE15 9ZZ. Ring 07700 900123 or sam@example.org.');
      await page.getByText(t('composer.phone'), { exact: true }).waitFor();
    });
    await state('speak-safe', press('speak.next', 'speak.safe.title'));
    await state('speak-safe-error', wrong('error.safe.empty'));
    await state('speak-you', async () => {
      await young.field(page, 'safe.no').check();
      await press('speak.next', 'speak.you.title')();
    });
    await state('speak-you-error', async () => {
      await young.field(page, 'speak.you.named').check();
      await wrong('error.identity.empty')();
    });
    await state('speak-check-not-safe', async () => {
      await young.field(page, 'speak.you.identity').fill('Sam Sample, the blue house');
      await press('speak.next', 'speak.check.title')();
    });
    await state('receipt-not-safe', () => young.send(page));
    await context.close();
  });

  test('Speak with long texts', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    await young.begin(page);
    await young.about(page, { topic: 'plan' });
    await state('speak-say-long-word', () => young.field(page, 'speak.say.said').fill(LONG_WORD));
    await state('speak-say-long-text', () => young.field(page, 'speak.say.said').fill(LONG_TEXT));
    await young.say(page, { said: LONG_WORD, wish: LONG_TEXT.slice(0, 900), feeling: 'mixed' });
    await young.safe(page, { safe: 'yes' });
    await young.you(page, { helped: true });
    await state('speak-check-long-word', () => young.heading(page, 'speak.check.title'));
    await young.changeOf(page, 'speak.check.said').click();
    await young.field(page, 'speak.say.said').fill(LONG_TEXT);
    await young.button(page, 'speak.next').click();
    await state('speak-check-long-text', () => young.heading(page, 'speak.check.title'));
    await context.close();
  });

  test('the receipt and Follow', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    let words;
    await state('receipt', async () => { words = await young.sendView(page, { topic: 'plan', said: LONG_WORD, wish: LONG_TEXT.slice(0, 900) }); });
    await state('receipt-different', async () => {
      await young.field(page, 'receipt.typed').fill('apple banana cherry date elder fig');
      await young.button(page, 'receipt.check').click();
      await young.errorsOnPage(page, ['error.typed.different']);
    });
    await state('receipt-kept', async () => {
      await young.field(page, 'receipt.typed').fill(words.join(' '));
      await young.button(page, 'receipt.check').click();
      await young.heading(page, 'receipt.kept-title');
    });

    await state('follow', () => page.goto('/follow'));
    await state('follow-empty', async () => {
      await young.button(page, 'follow.open').click();
      await young.errorsOnPage(page, ['follow.empty']);
    });
    await state('follow-misspelt', async () => {
      await young.follow(page, [...words.slice(0, 3), `${words[3]}x`, 'zzzzzzzz'].join(' '));
      await young.summary(page).waitFor();
    });
    await state('follow-not-found', async () => {
      await young.follow(page, [...words].reverse().join(' '));
      await young.errorsOnPage(page, ['follow.not-found']);
    });
    await state('follow-thread-new', () => young.thread(page, words));
    await state('follow-thread-error', async () => {
      await young.button(page, 'follow.send').click();
      await young.errorsOnPage(page, ['error.message.empty']);
    });
    await state('follow-timed-out', async () => {
      await young.field(page, 'follow.message').fill('This must not be lost.');
      await page.locator('input[name="handle"]').evaluateAll((all) => { for (const one of all) one.value = 'too-old'; });
      await young.button(page, 'follow.send').click();
      await page.getByText(t('follow.timed-out'), { exact: true }).waitFor();
    });

    // SpeakerBox and the sender write to each other for a while.
    const speakerbox = await atDesk('sample-speakerbox');
    await desk.openView(speakerbox.page, { show: 'waiting', topic: 'plan', said: LONG_WORD });
    const view = speakerbox.page.url().replace(/\?.*/, '');
    for (let turn = 1; turn <= 3; turn += 1) {
      await desk.write(speakerbox.page, 'ask-back', `Question ${turn}: ${LONG_TEXT.slice(0, 200)}`);
      await young.thread(page, words);
      await young.field(page, 'follow.message').fill(turn === 2 ? LONG_WORD : `Answer ${turn}.`);
      await young.button(page, 'follow.send').click();
      await page.getByText(t('follow.done.write'), { exact: true }).waitFor();
      await speakerbox.page.goto(view);
    }
    await state('follow-thread-written', () => young.threadText(page));
    await desk.write(speakerbox.page, 'reply', 'Thank you. We put it together for the meeting.');
    await desk.write(speakerbox.page, 'note', LONG_WORD);
    await desk.write(speakerbox.page, 'approve', `A plan changed without a word to the young person. ${LONG_WORD.slice(0, 400)}`);
    await desk.putOnMeeting(speakerbox.page, SAMPLE_WINTER);
    await state('follow-thread-long', () => young.thread(page, words));
    await state('follow-take-back-sure', async () => {
      await young.button(page, 'follow.withdraw').click();
      await page.getByRole('heading', { name: t('follow.sure'), exact: true }).waitFor();
    });
    await stateOf(part, speakerbox.page)('desk-view-long', () => speakerbox.page.goto(view));
    await speakerbox.context.close();

    const [other] = [await young.sendView(page, { topic: 'plan', said: 'Never mind.' })];
    await young.thread(page, other);
    await young.button(page, 'follow.withdraw').click();
    await state('follow-taken-back', async () => {
      await young.button(page, 'follow.sure-yes').click();
      await young.heading(page, 'follow.withdrawn-title');
    });
    await context.close();
  });

  test('the desk: sign-in and the queue', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    await state('desk-sign-in', () => page.goto('/desk/sign-in'));
    await state('desk-sign-in-wrong', async () => {
      await desk.typeSignIn(page, 'sample-speakerbox', 'not the password');
      await young.errorsOnPage(page, ['error.sign-in.wrong']);
    });
    await state('desk-code', async () => {
      await desk.typeSignIn(page, 'sample-speakerbox', server.passwords['sample-speakerbox']);
      await young.heading(page, 'desk.code.title');
    });
    await state('desk-code-wrong', async () => {
      await desk.typeCode(page, '12345');
      await young.errorsOnPage(page, ['error.code.wrong']);
    });
    await desk.typeCode(page, server.codes.next('sample-speakerbox'));
    await state('desk-queue', () => young.heading(page, 'desk.queue.title'));
    await state('desk-queue-all', () => page.goto('/desk/queue?show=all'));
    await state('desk-queue-empty', async () => {
      await page.goto('/desk/queue?show=asked&topic=other');
      await page.getByText(t('desk.queue.empty-topic'), { exact: true }).waitFor();
    });
    await state('desk-view', () => desk.openView(page, { show: 'waiting', topic: 'home', said: 'my room is cold' }));
    await state('desk-view-question-error', async () => {
      const form = await desk.openAct(page, 'ask-back');
      await form.getByRole('button', { name: t('action.ask-back.send'), exact: true }).click();
      await young.errorsOnPage(page, ['error.text.empty']);
    });
    await state('desk-view-close-error', async () => {
      const form = await desk.openAct(page, 'close');
      await form.getByLabel(t('action.close.label'), { exact: true }).fill('Kept although the reason is missing.');
      await form.getByRole('button', { name: t('action.close.send'), exact: true }).click();
      await young.summary(page).waitFor();
      assert.equal(await page.getByLabel(t('action.close.label'), { exact: true }).last().inputValue(), 'Kept although the reason is missing.');
    });
    await state('desk-view-done', async () => {
      await desk.openView(page, { show: 'waiting', topic: 'family-time', said: 'my brother' });
      await desk.write(page, 'approve', 'A young person would like to see a brother more often.');
    });
    await state('desk-view-list-error', async () => {
      const form = await desk.openAct(page, 'list');
      await form.getByRole('button', { name: t('action.list.send'), exact: true }).click();
      await young.summary(page).waitFor();
    });
    await state('desk-second-factor', () => page.goto('/desk/second-factor'));
    await state('desk-second-factor-error', async () => {
      await page.getByLabel(t('desk.second-factor.code'), { exact: true }).fill('123456');
      await young.button(page, 'desk.second-factor.button').click();
      await young.errorsOnPage(page, ['error.proof.empty']);
    });
    await state('desk-sessions', () => page.goto('/desk/sessions'));
    await state('desk-use', () => page.goto('/desk/usage'));
    await state('desk-password', () => page.goto('/desk/password'));
    await state('desk-password-error', async () => {
      await page.getByLabel(t('desk.password.old'), { exact: true }).fill('wrong');
      await page.getByLabel(t('desk.password.new'), { exact: true }).fill('short');
      await page.getByLabel(t('desk.password.again'), { exact: true }).fill('other');
      await young.button(page, 'desk.password.button').click();
      await young.summary(page).waitFor();
    });
    await context.close();
  });

  test('the desk: the safety lane', { timeout: LONG_MS }, async (part) => {
    const young1 = await anybody();
    await young.sendView(young1.page, { topic: 'feeling-safe', said: 'I am scared.', safe: 'no', identity: 'Sam Sample, the blue house' });
    await young1.context.close();
    const { context, page } = await atDesk('sample-safety');
    const state = stateOf(part, page);
    await state('desk-safety', () => page.goto('/desk/safety'));
    const views = await page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    await state('desk-safety-view', async () => {
      for (const view of views) {
        await page.goto(view);
        if ((await page.getByRole('main').innerText()).includes('I am scared.')) return;
      }
      throw new Error('the view is not in the lane');
    });
    await state('desk-safety-name-error', async () => {
      const form = await desk.openAct(page, 'name');
      await form.getByRole('button', { name: t('action.name.send'), exact: true }).click();
      await young.errorsOnPage(page, ['error.reason.empty']);
    });
    await state('desk-safety-name-open', async () => {
      const form = await desk.openAct(page, 'name');
      await form.getByLabel(t('action.name.label'), { exact: true }).fill('To send somebody round tonight.');
      await form.getByRole('button', { name: t('action.name.send'), exact: true }).click();
      await page.getByText('Sam Sample, the blue house').waitFor();
    });
    await context.close();
  });

  test('the desk: meetings and decisions', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await atDesk('sample-committee');
    const state = stateOf(part, page);
    const approved = 'three social workers in a year';
    await state('desk-meetings', () => page.goto('/desk/meetings'));
    await state('desk-meetings-error', async () => {
      await young.button(page, 'desk.meetings.make-button').click();
      await young.summary(page).waitFor();
    });
    await state('desk-meeting', () => desk.openMeeting(page, SAMPLE_WINTER));
    await state('desk-item', () => desk.openItem(page, SAMPLE_WINTER, approved));
    await state('desk-item-error', async () => {
      await page.getByLabel(t('desk.item.decided-label'), { exact: true }).fill('Kept although the rest is missing.');
      await young.button(page, 'action.decide.send').click();
      await young.summary(page).waitFor();
      assert.equal(await page.getByLabel(t('desk.item.decided-label'), { exact: true }).inputValue(), 'Kept although the rest is missing.');
    });
    await state('desk-item-decided', () => desk.decide(page, {
      said: LONG_WORD.slice(0, 300), decided: LONG_TEXT.slice(0, 500), answer: LONG_TEXT.slice(0, 700), owner: 'Head of social work', due: '2027-06-30',
    }));
    const clerk = await atDesk('sample-clerk');
    await desk.openItem(clerk.page, SAMPLE_WINTER, approved);
    await stateOf(part, clerk.page)('desk-item-published', () => desk.press(clerk.page, 'publish'));
    await clerk.context.close();
    await desk.openItem(page, SAMPLE_WINTER, approved);
    await state('desk-item-done', () => desk.press(page, 'mark-done'));
    await state('you-said-long', () => page.goto('/you-said'));
    await context.close();
    const admin = await atDesk('sample-admin');
    await stateOf(part, admin.page)('desk-admin', () => admin.page.goto('/desk'));
    await stateOf(part, admin.page)('problem-403', () => admin.page.goto('/desk/queue'));
    await admin.context.close();
  });

  test('the desk: the words of the pages', { timeout: LONG_MS }, async (part) => {
    const coordinator = await atDesk('sample-coordinator');
    const { page } = coordinator;
    const state = stateOf(part, page);
    const save = () => young.button(page, 'words.save').click();
    await state('desk-words', () => page.goto('/desk/page-editor'));
    await state('desk-words-page', () => page.goto('/desk/page-editor/en~rights~visits.md'));
    await state('desk-words-error', async () => {
      await page.getByLabel(t('words.page-title'), { exact: true }).fill('');
      await page.getByLabel(t('words.body'), { exact: true }).fill(`Kept. ${LONG_WORD}`);
      await save();
      await young.errorsOnPage(page, ['error.words.empty']);
      assert.match(await page.getByLabel(t('words.body'), { exact: true }).inputValue(), /^Kept\. www/);
    });
    await state('desk-words-faults', async () => {
      await page.getByLabel(t('words.page-title'), { exact: true }).fill('Visits and a placement');
      await save();
      await page.getByRole('heading', { name: t('words.faults'), exact: true }).waitFor();
    });
    await state('desk-words-draft', async () => {
      await page.goto('/desk/page-editor/en~rights~advocate.md');
      await page.getByLabel(t('words.page-title'), { exact: true }).fill('Somebody on your side: an advocate');
      await save();
      await page.getByText(t('words.no-faults'), { exact: true }).waitFor();
    });
    await state('desk-words-preview', async () => {
      await page.getByRole('link', { name: t('words.look'), exact: true }).click();
      await page.getByText(t('words.preview'), { exact: true }).waitFor();
    });
    const clerk = await atDesk('sample-clerk');
    const other = stateOf(part, clerk.page);
    await other('desk-words-to-publish', () => clerk.page.goto('/desk/page-editor/en~rights~advocate.md'));
    await other('desk-words-published', async () => {
      await young.button(clerk.page, 'words.publish').click();
      await clerk.page.getByText(t('words.done.published'), { exact: true }).waitFor();
    });
    await other('desk-words-history', () => clerk.page.goto('/desk/page-editor/en~rights~advocate.md/history'));
    await clerk.page.goto('/rights/advocate');
    await clerk.page.getByRole('heading', { name: 'Somebody on your side: an advocate', exact: true }).waitFor();
    await clerk.context.close();
    await coordinator.context.close();
  });

  test('printing several pages', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    await state('print-none', async () => {
      await page.goto('/print');
      await young.button(page, 'print.go').click();
      await page.getByRole('alert').waitFor();
    });
    await state('print-together', async () => {
      await page.goto('/print');
      for (const title of ['Money', 'Complain and get an answer']) await page.getByLabel(title, { exact: true }).check();
      await young.button(page, 'print.go').click();
      await young.heading(page, 'print.ready');
    });
    await context.close();
  });

  test('when something goes wrong', { timeout: LONG_MS }, async (part) => {
    const { context, page } = await anybody();
    const state = stateOf(part, page);
    const open = (address, status, key) => async () => {
      assert.equal((await page.goto(address)).status(), status);
      await young.heading(page, key);
    };
    await state('problem-404', open('/nothing-here', 404, 'problem.not-found.title'));
    await state('problem-405', open('/desk/sign-out', 405, 'problem.wrong-method.title'));
    await state('problem-413', async () => {
      await young.begin(page);
      await young.about(page, { topic: 'other' });
      await young.field(page, 'speak.say.said').evaluate((box) => {
        box.removeAttribute('maxlength');
        box.value = 'x'.repeat(300_000);
      });
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await young.button(page, 'speak.next').click();
      assert.equal((await answered).status(), 413);
      await young.heading(page, 'problem.too-big.title');
    });
    await context.close();
  });
});
