// @ts-check
// Comfort for the recipient's pages: copy and print, the live remainder, progress without loading the page
// anew, one press counting once. Every page works without it. Plain browser script, served as it stands.
(() => {
  /** @template {Element} T @param {string} selector @returns {T[]} */
  const all = (selector) => /** @type {T[]} */ ([...document.querySelectorAll(selector)]);

  // What is wrong takes the focus, so that it is read first.
  /** @type {HTMLElement[]} */ (all('[data-focus]'))[0]?.focus();

  // Ways around for browsers without scripts are not needed here.
  for (const element of /** @type {HTMLElement[]} */ (all('[data-hide]'))) element.hidden = true;

  for (const button of /** @type {HTMLButtonElement[]} */ (all('[data-print]'))) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }

  for (const button of /** @type {HTMLButtonElement[]} */ (all('[data-copy]'))) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const said = document.querySelector('[data-said]');
    const { copy = '', copied = '', failed = '' } = button.dataset;
    button.addEventListener('click', async () => {
      const done = await navigator.clipboard.writeText(copy).then(
        () => true,
        () => false,
      );
      if (said) said.textContent = done ? copied : failed;
    });
  }

  // The button says the amount of the way that is chosen.
  for (const form of /** @type {HTMLFormElement[]} */ (all('form'))) {
    const partly = form.querySelector('.partly');
    const label = form.querySelector('button[data-label]')?.getAttribute('data-label');
    const name = () => {
      const part = form.querySelector('input.part:checked');
      if (partly && label && part) partly.textContent = label.replace('{yen}', part.getAttribute('data-yen') ?? '');
    };
    form.addEventListener('change', name);
    name();
  }

  // A second press on the same page does nothing. Coming back with the back button, one may press again.
  for (const form of /** @type {HTMLFormElement[]} */ (all('form[data-once]'))) {
    let sent = false;
    form.addEventListener('submit', (event) => {
      if (sent) event.preventDefault();
      sent = true;
      form.setAttribute('aria-busy', 'true');
    });
    window.addEventListener('pageshow', () => {
      sent = false;
      form.removeAttribute('aria-busy');
    });
  }

  // The live remainder of a split.
  for (const form of /** @type {HTMLFormElement[]} */ (all('form[data-split]'))) {
    const whole = Number(form.dataset.split);
    const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[data-amount]')]);
    const rest = /** @type {HTMLElement | null} */ (form.querySelector('[data-rest]'));
    const amount = (/** @type {HTMLInputElement} */ field) => {
      // What was refused counts for nothing until it is changed.
      if (field.ariaInvalid === 'true' && field.value === field.defaultValue) return 0;
      const digits = field.value.normalize('NFKC').replace(/[,\s円¥]/g, '');
      return /^\d{1,13}$/.test(digits) ? Number(digits) : 0;
    };
    const left = (/** @type {HTMLInputElement | null} */ without) =>
      whole - fields.reduce((sum, field) => sum + (field === without ? 0 : amount(field)), 0);
    let timer = 0;
    const show = () => {
      const number = rest?.querySelector('b');
      const words = rest?.querySelector('small');
      if (!rest || !number || !words) return;
      const yen = left(null);
      const state = yen === 0 ? 'done' : yen > 0 ? 'open' : 'over';
      rest.className = `rest ${state}`;
      number.textContent = (rest.dataset.yen ?? '').replace('{yen}', yen.toLocaleString('en'));
      words.textContent = rest.dataset[state] ?? '';
    };
    form.addEventListener('input', () => {
      // Not at every key: a screen reader would read each.
      clearTimeout(timer);
      timer = window.setTimeout(show, 250);
    });
    form.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('[data-fill]') : null;
      const field = fields.find(({ id }) => id === button?.getAttribute('data-fill'));
      if (!field) return;
      event.preventDefault();
      const yen = left(field);
      field.value = yen > 0 ? String(yen) : '';
      field.focus();
      show();
    });
  }

  // Progress: asks quietly and loads the page anew when something has changed.
  for (const place of /** @type {HTMLElement[]} */ (all('[data-progress]'))) {
    let pause = 1500;
    const ask = async () => {
      pause = Math.min(pause * 1.2, 15000);
      try {
        const answer = await window.fetch('/api/progress', { headers: { accept: 'application/json' }, cache: 'no-store' });
        if (answer.status === 401) return location.reload();
        const { mark } = await answer.json();
        if (answer.ok && mark !== place.dataset.progress) return location.assign('/receive/progress');
      } catch {
        // Offline for a moment: ask again.
      }
      setTimeout(ask, pause);
    };
    setTimeout(ask, pause);
  }
})();
