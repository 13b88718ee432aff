// How long the entitlement rules take: in a browser slowed four times, and as `pledge check`. Run by `cargo xtask bench`.

import { startBrowser } from '../lib/browser.mjs';
import { pledgeCheck, rulesPage } from '../lib/rules.mjs';

const TODAY = '2026-11-21';
const ORDINARY = {
  born: '2010-03-10', asked_on: '2026-11-21',
  care_spells: [{ from: '2024-06-01', basis: 'section_20', home: 'foster_carer' }],
};
// Ten dates of which only the month is known, born on 29 February, and every question of the contract's section 10 open.
const month = (from, to) => ({ from, to, basis: 'section_20', home: 'foster_carer' });
const WORST = {
  born: '2008-02-29', asked_on: '2025-12-20',
  care_spells: [
    month('2022-03', '2022-04'), month('2022-06', '2022-07'), month('2023-12', '2024-02'),
    { from: '2023-05-01', to: '2024-02-29', basis: 'section_17' },
  ],
  short_breaks: { to: '2025-11', days_since_14: 60 },
  home_returns: [{ from: '2025-05', with: 'parent' }, { from: '2025-06', with: 'special_guardian' }],
  special_guardianship: { from: '2023-01', to: '2025-01-01' },
  detained_or_in_hospital_at_16: true,
};

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const browser = await startBrowser();
const page = await rulesPage(browser);
const cdp = await page.context().newCDPSession(page);
await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });

// The browser's clock is coarse, so a short run is repeated `each` times between two looks at it.
const time = (answers, times, each) => page.evaluate(([text, today, times, each]) => {
  const took = [];
  let outcome;
  for (let run = 0; run < times; run += 1) {
    const begun = performance.now();
    for (let again = 0; again < each; again += 1) outcome = globalThis.rules.check(text, today);
    took.push((performance.now() - begun) / each);
  }
  return { took, outcome };
}, [JSON.stringify(answers), TODAY, times, each]);

const ordinary = await time(ORDINARY, 50, 100);
const worst = await time(WORST, 7, 1);
const errors = JSON.parse(worst.outcome).errors;
if (errors.length > 0) throw new Error(`The worst case is not valid: ${JSON.stringify(errors)}`);
console.log('\nThe rules in the browser, processor slowed 4 times (medians; JSON in and out included)');
console.log(`  one ordinary outcome  ${median(ordinary.took).toFixed(3).padStart(9)} ms   (goal: under 10; of 50 times 100)`);
console.log(`  the worst case        ${median(worst.took).toFixed(0).padStart(9)} ms   (goal: under 1,000; of 7)`);

await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
const answers = await page.evaluate(() => globalThis.rules.random_answers(1, 10_000));
const runs = [];
for (let run = 0; run < 5; run += 1) runs.push((await pledgeCheck(answers)).seconds);
console.log('pledge check');
console.log(`  10,000 answers        ${(median(runs) * 1000).toFixed(0).padStart(9)} ms   (goal: under 2,000; of 5)`);
await browser.close();
