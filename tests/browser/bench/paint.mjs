// How soon a page is seen on a slow phone, beside a minimal GOV.UK Frontend page with the same words in the same run; how
// fast it answers a finger and a key. Run by `cargo xtask bench`.
//
// Absolute times depend on the machine, so the verdict is on the ratio to the peer and on counts of bytes; the times are
// printed beside the goals.

import { newContext, startBrowser } from '../lib/browser.mjs';
import * as young from '../lib/journey.mjs';
import { startServer } from '../lib/server.mjs';
import { t } from '../lib/words.mjs';
import { startPeer } from './peer.mjs';

const RUNS = Number(process.env.PLEDGE_PAINT_RUNS ?? 9);
const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 1474.56 * 128, uploadThroughput: 675 * 128 };
const SLOW_3G = { offline: false, latency: 2000, downloadThroughput: 400 * 128, uploadThroughput: 400 * 128 };
const WAYS = [
  { name: 'Slow 4G, processor 4x', network: SLOW_4G, slower: 4, goal: { fcp: 1000, lcp: 1200 } },
  { name: 'Slow 4G, processor 10x', network: SLOW_4G, slower: 10, goal: {} },
  { name: '3G, processor 6x', network: SLOW_3G, slower: 6, goal: { fcp: 2600 } },
];
const RATIO_GATE = 1.5;
const PAGE = '/rights/visits';

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${Math.round(number).toLocaleString('en')} ms`;

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
const { title, words } = await wordsOf(PAGE);
const peer = await startPeer(title, words);

let failed = false;
const verdict = (holds, goal) => { if (!holds) failed = true; return `${holds ? 'met' : 'MISSED'} (${goal})`; };

try {
  await paints();
  await answers();
} finally {
  await peer.stop();
  await browser.close();
  await server.stop();
}
process.exitCode = failed ? 1 : 0;

// The words of a page, for the peer to show.
async function wordsOf(address) {
  const context = await newContext(browser, server);
  const page = await context.newPage();
  await page.goto(address);
  const found = await page.evaluate(() => ({
    title: document.title,
    words: [...document.querySelectorAll('main :is(h1, h2, h3, p, li)')]
      .filter((one) => !one.querySelector('p, li'))
      .map((one) => [one.tagName.toLowerCase(), one.textContent.trim().replace(/\s+/g, ' ')]).filter(([, text]) => text),
  }));
  await context.close();
  return found;
}

// A page opened for the first time under slow conditions.
async function opened(origin, { network, slower }) {
  const context = await browser.newContext({ baseURL: origin, ...PHONE });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const sent = { bytes: 0, requests: 0 };
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => { sent.bytes += encodedDataLength; });
  page.on('request', (request) => { if (request.url().startsWith('http')) sent.requests += 1; });
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', network);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(() => {
    const seen = { fcp: 0, lcp: 0, shift: 0, blocked: 0, slowest: 0 };
    globalThis.pledgeSeen = seen;
    const watch = (type, take, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
    watch('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.fcp = entry.startTime; });
    watch('largest-contentful-paint', (entry) => { seen.lcp = entry.startTime; });
    watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
    watch('longtask', (entry) => { if (entry.startTime > seen.fcp) seen.blocked += Math.max(0, entry.duration - 50); });
    watch('event', (entry) => { if (entry.interactionId) seen.slowest = Math.max(seen.slowest, entry.duration); }, { durationThreshold: 16 });
  });
  return { context, page, sent, seen: () => page.evaluate(() => globalThis.pledgeSeen) };
}

async function measure(origin, address, way) {
  const { context, page, sent, seen } = await opened(origin, way);
  await page.goto(address, { waitUntil: 'networkidle', timeout: 120_000 });
  await page.waitForTimeout(300);
  const result = { ...await seen(), ...sent };
  await context.close();
  return result;
}

async function paints() {
  console.log(`\nFirst and largest paint of ${PAGE}, medians of ${RUNS} runs, each beside the peer's`);
  for (const way of WAYS) {
    const ours = [];
    const theirs = [];
    for (let run = 0; run < RUNS; run += 1) {
      ours.push(await measure(server.origin, PAGE, way));
      theirs.push(await measure(peer.origin, '/', way));
    }
    const of = (list, what) => median(list.map((one) => one[what]));
    const line = (name, list) => console.log(`  ${name.padEnd(10)} first ${ms(of(list, 'fcp')).padStart(9)}  largest ${ms(of(list, 'lcp')).padStart(9)}  blocked ${ms(of(list, 'blocked')).padStart(7)}  shift ${of(list, 'shift').toFixed(3)}  ${of(list, 'bytes').toLocaleString('en').padStart(7)} bytes in ${of(list, 'requests')} requests`);
    console.log(way.name);
    line('Pledge', ours);
    line('GOV.UK', theirs);
    const ratio = of(theirs, 'fcp') / of(ours, 'fcp');
    console.log(`  first paint ${ratio.toFixed(2)} times sooner: ${verdict(ratio >= RATIO_GATE, `at least ${RATIO_GATE}`)}; ${(of(theirs, 'bytes') / of(ours, 'bytes')).toFixed(1)} times fewer bytes: ${verdict(of(theirs, 'bytes') / of(ours, 'bytes') >= 6, 'at least 6')}`);
    // Times on one machine are shown, not judged.
    for (const [what, goal] of Object.entries(way.goal)) console.log(`  goal for ${what === 'fcp' ? 'first' : 'largest'} paint ${ms(goal)}: ${of(ours, what) <= goal ? 'met' : 'missed on this machine'}`);
    console.log(`  nothing jumps: ${verdict(ours.every(({ shift }) => shift === 0), 'shift 0.000')}`);
  }
}

// Types and taps while the WASM is still on its way and being compiled.
async function answers() {
  const slowest = [];
  const shifts = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { context, page, seen } = await opened(server.origin, { network: SLOW_4G, slower: 10 });
    page.setDefaultTimeout(60_000);
    await young.begin(page);
    await young.about(page, { topic: 'plan' });
    const box = young.field(page, 'speak.say.said');
    await box.tap();
    await box.pressSequentially('I want to stay at my school until summer.', { delay: 30 });
    await young.field(page, 'feeling.worried').tap();
    await page.getByText(t('composer.left').split('{left}')[0].trim()).first().waitFor();
    await box.tap();
    await box.pressSequentially(' My number is 07700 900123.', { delay: 30 });
    await page.waitForTimeout(500);
    const found = await seen();
    slowest.push(found.slowest);
    shifts.push(found.shift);
    await context.close();
  }
  console.log(`\nTyping and tapping on Speak while the WASM arrives, Slow 4G, processor 10x, medians of ${RUNS}`);
  const middle = median(slowest);
  console.log(`  the slowest answer  ${ms(middle)}   (goal: under 200 ms: ${middle <= 200 ? 'met' : 'missed on this machine'})`);
  console.log(`  nothing jumps: ${verdict(shifts.every((shift) => shift === 0), 'shift 0.000')}`);
}
