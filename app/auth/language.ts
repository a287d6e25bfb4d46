import { LANGUAGES, type Language } from '../i18n/texts';
import { readCookie } from './session';

const COOKIE = 'lang';

/** The language of a page: what was just switched to, what was switched to before, the browser's, Japanese. */
export function chooseLanguage(request: Request, url: URL): Language {
  return known(url.searchParams.get('lang')) ?? known(readCookie(request, COOKIE)) ?? fromBrowser(request.headers.get('accept-language'));
}

/** The Set-Cookie line that keeps a language just switched to; null when nothing was switched. */
export function languageCookie(url: URL): string | null {
  const language = known(url.searchParams.get('lang'));
  return language ? `${COOKIE}=${language}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000` : null;
}

function known(text: string | null): Language | null {
  return LANGUAGES.find((language) => language === text) ?? null;
}

/** The first of our languages in the browser's own order (`en;q=0.8, ja`). */
function fromBrowser(header: string | null): Language {
  let best: { language: Language; weight: number } | null = null;
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.split(';');
    const language = tag.trim() === '*' ? 'ja' : known(tag.trim().slice(0, 2).toLowerCase());
    const quality = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find(Boolean);
    const weight = quality === undefined ? 1 : Number(quality);
    if (language && weight > 0 && (best === null || weight > best.weight)) best = { language, weight };
  }
  // Somebody whose browser speaks neither can more likely read English.
  return best?.language ?? (header ? 'en' : 'ja');
}
