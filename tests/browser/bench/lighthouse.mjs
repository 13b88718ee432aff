// What Lighthouse says of one page of each kind, on its slow phone. Run by `cargo xtask bench`.
//
// Accessibility, best practices and findability must be whole, but for what we mean to be as it is. The score for speed
// hangs on the machine and on what else it does, so it is printed and decides nothing; `paint.mjs` has goals for speed.

import * as launcher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { startServer } from '../lib/server.mjs';

const PAGES = ['/', '/rights/visits', '/help', '/speak', '/check', '/follow', '/promises'];
const DECIDE = ['accessibility', 'best-practices', 'seo'];
// Audits that are not met, where, and why that is meant.
const MEANT = [
  { audit: 'is-crawlable', where: /^\/(speak|check|follow)$/, why: 'what somebody does there is no matter for search machines' },
  { audit: 'meta-description', where: /^\/(speak|check|follow)$/, why: 'a private page tells nobody what it is about' },
  { audit: 'robots-txt', where: /./, why: 'our policy lets no script fetch anything, so Lighthouse cannot read /robots.txt from inside the page' },
];
const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

const server = await startServer();
const chrome = await launcher.launch({ chromePath: process.env.PLEDGE_CHROMIUM || '/usr/bin/chromium', chromeFlags: FLAGS });
const meant = new Set();
let missed = 0;
try {
  for (const page of PAGES) {
    const { lhr } = await lighthouse(server.origin + page, { port: chrome.port, output: 'json', logLevel: 'error' });
    if (lhr.runtimeError) throw new Error(`${page}: ${lhr.runtimeError.message}`);
    const score = ({ score: part }) => (part === null ? ' ? ' : String(Math.round(part * 100)).padStart(3));
    console.log(`${page.padEnd(16)}${Object.values(lhr.categories).map((part) => `${part.title} ${score(part)}`).join('   ')}`);
    for (const id of DECIDE) {
      for (const { id: audit, weight } of lhr.categories[id].auditRefs) {
        const { score: part, title } = lhr.audits[audit];
        if (weight === 0 || part === null || part === 1) continue;
        const reason = MEANT.find((one) => one.audit === audit && one.where.test(page));
        if (reason) meant.add(`${audit}: ${reason.why}`);
        else {
          missed += 1;
          console.log(`  MISSED ${audit}: ${title}`);
        }
      }
    }
  }
} finally {
  await chrome.kill();
  await server.stop();
}
console.log(`Not met, and meant so:\n${[...meant].map((line) => `  ${line}`).join('\n')}`);
console.log(missed === 0 ? 'met (everything but speed is whole)' : `MISSED (${missed} audits)`);
process.exitCode = missed === 0 ? 0 : 1;
