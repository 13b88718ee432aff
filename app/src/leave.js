// "Leave this page", by tap or by Shift three times: blank at once, then go for good.
(() => {
  const page = document.documentElement;
  const { href } = document.links.leave;
  const blank = () => { page.textContent = ''; };
  const leave = () => { blank(); location.replace(href); };
  let presses = [];

  addEventListener('click', (event) => {
    if (!event.target.closest('#leave')) return;
    event.preventDefault();
    leave();
  });

  // Any other key in between starts the count again, so that typing capitals never leaves.
  addEventListener('keydown', (event) => {
    if (event.key !== 'Shift') presses = [];
    else if (!event.repeat) presses = presses.concat(event.timeStamp).slice(-3);
    if (presses.length === 3 && presses[2] - presses[0] < 2000) leave();
  });

  // A private page brought back by the Back button must not be seen by whoever pressed it.
  addEventListener('pageshow', (event) => {
    if (event.persisted && 'private' in page.dataset) { blank(); location.reload(); }
  });
})();
