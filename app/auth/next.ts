/** Where to go on after signing in: a page of the console by its own path, and nothing else; the home page otherwise. */
export function safeNext(text: string | null): string {
  if (text === null || !/^\/admin(?:[/?]|$)/.test(text) || /\\|\/\//.test(text) || text.length > 1_000) return '/admin';
  // Anywhere will do: only what is left of the path when its dots are resolved is asked.
  const base = 'http://console.invalid';
  if (!URL.canParse(text, base)) return '/admin';
  const url = new URL(text, base);
  const inside = /^\/admin(?:\/|$)/.test(url.pathname);
  return inside && !/^\/admin\/sign-(?:in|out)/.test(url.pathname) ? url.pathname + url.search : '/admin';
}
