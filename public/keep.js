// /keep: keeps the public pages on this phone when asked, and removes them when asked. Before a press it looks, and
// changes nothing.
(async () => {
  const { serviceWorker } = navigator;
  if (!serviceWorker || !globalThis.caches) return;

  const part = (id) => document.getElementById(id);
  // The only script addresses that this page may make. A worker that was removed lives on for the pages it serves, and
  // would be taken back, without its copy, under the same address: so after a removal the other one is used.
  const removed = serviceWorker.controller?.scriptURL.endsWith('/sw.js');
  const address = removed ? '/sw.js?again' : '/sw.js';
  const worker = globalThis.trustedTypes?.createPolicy('keep', { createScriptURL: () => address }).createScriptURL('') ?? address;

  async function show(state) {
    const taken = await caches.match('/keep', { ignoreVary: true });
    // What is found must be let go, or it stays open, and on the disk after its deletion.
    await taken?.body.cancel();
    const language = new Intl.Locale(document.documentElement.lang, { region: 'GB', numberingSystem: 'latn' });
    const day = taken && new Date(taken.headers.get('date')).toLocaleDateString(language, {
      day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London',
    });
    part('keep-day').textContent = part('keep-day').dataset.words.replace('{date}', day ?? '');
    for (const element of document.querySelectorAll('[data-when]')) {
      element.hidden = !element.dataset.when.split(' ').includes(state);
    }
    // Only a phone that keeps the pages is offered them as an app.
    if (state === 'kept' && !part('keep-app')) {
      document.head.append(Object.assign(document.createElement('link'), { id: 'keep-app', rel: 'manifest', href: '/manifest.webmanifest' }));
    } else if (state !== 'kept') part('keep-app')?.remove();
  }

  // The button that was pressed goes away, so what is said next takes its place.
  async function tell(state) {
    await show(state);
    part('keep-said').focus();
  }

  // Resolves when the worker has the whole copy.
  const ready = ({ installing, waiting, active }) => new Promise((done, failed) => {
    const newest = installing ?? waiting ?? active;
    const look = () => {
      if (newest.state === 'activated') done();
      if (newest.state === 'redundant') failed(new Error('the pages did not come'));
    };
    newest.addEventListener('statechange', look);
    look();
  });

  async function remove() {
    for (const registration of await serviceWorker.getRegistrations()) await registration.unregister();
    await Promise.all((await caches.keys()).map(async (name) => {
      // A cache that is open somewhere stays on the disk after its deletion, so what is in it goes too.
      const cache = await caches.open(name);
      await caches.delete(name);
      await Promise.all((await cache.keys()).map((request) => cache.delete(request, { ignoreVary: true })));
    }));
  }

  part('keep-go').addEventListener('click', async () => {
    await tell('working');
    try {
      await ready(await serviceWorker.register(worker, { scope: '/', updateViaCache: 'none' }));
      await tell('kept');
    } catch {
      await remove();
      await tell('failed');
    }
  });
  part('keep-remove').addEventListener('click', async () => {
    await remove();
    await tell('removed');
  });

  const registration = await serviceWorker.getRegistration('/');
  // A removal that was cut short is finished.
  if (!registration) await remove();
  await show(registration?.active ? 'kept' : 'none');
  // No signal: the copy stays as it is.
  registration?.update().catch(() => {});
})();
