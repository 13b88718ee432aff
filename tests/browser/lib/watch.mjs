// Probes: what a page says, asks for, breaks and leaves behind. `probes.test.mjs` shows that each of them can fail.

const VIOLATION = 'pledgeTestViolation';

/**
 * Opens a page of a context and watches it from before its first request; `forget` begins anew. With
 * `javaScript: false` the listener in the page is left out, since nothing can run there; the browser's own log tells
 * the same.
 */
export async function openPage(context, server, { javaScript = true } = {}) {
  const seen = {};
  const forget = () => Object.assign(seen, nothing());
  forget();
  const page = await context.newPage();
  page.on('console', (message) => {
    seen.console.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.status() >= 400) seen.refused.push(response.status());
  });
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) seen.addresses.push(frame.url());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^https?:/.test(url)) return;
    seen.requests.push({ url, kind: request.resourceType(), method: request.method() });
    if (new URL(url).origin !== server.origin) seen.foreign.push(url);
  });
  if (javaScript) {
    await page.exposeBinding(VIOLATION, (_, text) => { seen.violations.push(text); });
    await page.addInitScript((name) => {
      addEventListener('securitypolicyviolation', (event) => {
        globalThis[name](`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    }, VIOLATION);
  }
  const cdp = await context.newCDPSession(page);
  cdp.on('Log.entryAdded', ({ entry }) => {
    // What is not about the policy stands in `console` already.
    if (entry.source === 'security' || /Content Security Policy/i.test(entry.text)) seen.violations.push(`log: ${entry.text}`);
  });
  cdp.on('Audits.issueAdded', ({ issue }) => {
    const about = JSON.stringify(issue.details);
    if (issue.code === 'ContentSecurityPolicyIssue') seen.violations.push(`audit: ${about}`);
    else seen.issues.push(`${issue.code}: ${about}`);
  });
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => { seen.bytes += encodedDataLength; });
  await cdp.send('Network.enable');
  await cdp.send('Log.enable');
  await cdp.send('Audits.enable');
  return { page, seen, cdp, forget };
}

const nothing = () => ({
  console: [], // what stands in the console, of any kind
  errors: [], // exceptions nobody caught
  violations: [], // the Content-Security-Policy was broken
  issues: [], // what the browser's audits complain about
  foreign: [], // requests to another origin
  requests: [], // every request: address, kind, method
  refused: [], // statuses of 400 and above that the server answered with a whole page
  addresses: [], // what stood in the address bar
  bytes: 0, // as they came over the wire
});

/** What a page left on the device: cookies of the whole context, and every kind of storage of its origin. */
export async function leftovers(context, page, cdp, server) {
  const found = (await context.cookies()).map((cookie) => `cookie ${cookie.name}`);
  const { usageBreakdown } = await cdp.send('Storage.getUsageAndQuota', { origin: server.origin });
  for (const { storageType, usage } of usageBreakdown) {
    if (usage > 0) found.push(`${storageType}: ${usage} bytes`);
  }
  const state = await page.evaluate(async () => [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...(await indexedDB.databases()).map((database) => `database ${database.name}`),
    ...(await caches.keys()).map((name) => `cache ${name}`),
    ...(await navigator.serviceWorker.getRegistrations()).map((worker) => `service worker ${worker.scope}`),
  ]);
  return found.concat(state);
}

/**
 * What may not be there on any page, as one list that is empty when all is well.
 *
 * Chromium itself writes one line for each page that comes with a status of 400 and above. A page that asks for
 * something to be mended rightly has the status 422, so as many of these lines are left out as there were such pages.
 */
export function faults(seen) {
  const refused = [...seen.refused];
  const own = seen.console.filter((text) => /^(error|warning): /.test(text)).filter((text) => {
    const status = /^error: Failed to load resource: the server responded with a status of (\d+) /.exec(text)?.[1];
    const at = refused.indexOf(Number(status));
    if (at < 0) return true;
    refused.splice(at, 1);
    return false;
  });
  return [
    ...own.map((text) => `console ${text}`),
    ...seen.errors.map((text) => `exception ${text}`),
    ...seen.violations.map((text) => `policy ${text}`),
    ...seen.issues.map((text) => `issue ${text}`),
    ...seen.foreign.map((url) => `request to another origin ${url}`),
  ];
}

/** How many pixels a page can be pushed sideways. */
export const sideways = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
});
