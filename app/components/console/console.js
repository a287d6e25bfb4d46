// What the console's keyboard does beyond the browser's own: "/" goes to the search field, arrows move along a list of
// links, Enter opens. Everything also works without this script; passkeys are in passkeys.js.
document.addEventListener('keydown', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const typing = target?.matches('input, textarea, select, [contenteditable]');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !typing) {
    const field = document.querySelector('[data-find]');
    if (field instanceof HTMLElement) {
      event.preventDefault();
      field.focus();
    } else if (document.querySelector('a[href="/admin/find"]')) {
      event.preventDefault();
      location.assign('/admin/find');
    }
  }
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (!typing || target?.hasAttribute('data-find'))) {
    const rows = [...document.querySelectorAll('[data-row]')];
    if (rows.length === 0) return;
    const at = rows.indexOf(document.activeElement);
    const next = rows[event.key === 'ArrowDown' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
    }
  }
});
// Where the style cannot hold the folded menu open beside the page, it is opened.
const menu = document.querySelector('[data-menu]');
if (menu && !CSS.supports('selector(::details-content)') && matchMedia('(min-width: 56.0625rem)').matches) menu.open = true;
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
// What went wrong is where one goes on.
document.querySelector('[data-focus]')?.focus();
// A page kept by the browser is asked for anew: after signing out, "back" shows nothing.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
