import type { Request, Response } from 'express';
import type { PlainPage } from '../i18n/plain-pages';
import { nonceOf } from './security-headers';

/** Sends one of them, as problem+json to those who ask for JSON. */
export function sendPlainPage(request: Request, response: Response, page: PlainPage): void {
  response.status(page.status).vary('Accept');
  if (request.path.startsWith('/api/') || request.accepts(['html', 'json']) === 'json') {
    response
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', status: page.status, title: page.en.title, detail: page.en.text }));
    return;
  }
  const part = (lang: 'ja' | 'en') => `<section lang="${lang}"><h1>${page[lang].title}</h1><p>${page[lang].text}</p></section>`;
  response
    .type('html')
    .send(
      `<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
        `<title>${page.ja.title}</title><style nonce="${nonceOf(response)}">body{font:1rem/1.7 sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#1a1a1c}` +
        `h1{font-size:1.5rem}</style></head><body><main>${part('ja')}${part('en')}</main></body></html>`,
    );
}
