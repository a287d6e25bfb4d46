import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** A day of Japan's calendar with or without its year and time, as the texts write it. */
const MOMENT = /(?:\d{4}年)?\d{1,2}月\d{1,2}日（[日月火水木金土]）(?: ?\d{2}:\d{2})?/g;
/** Elements that hold letters only: markup would show in them. */
const LETTERS_ONLY = /^<(?:title|desc|text|tspan|option|textarea|script|style)\b/;

/** A whole document as HTML, without data for a browser to take over. Days and moments keep to one line in it. */
export function typeset(document: ReactElement): string {
  return keepMomentsWhole(`<!DOCTYPE html>${renderToStaticMarkup(document)}`);
}

/**
 * Sets every Japanese day or moment as one piece that goes to the next line as a whole: browsers break before and after
 * each of its numbers. Done to the finished page, because days stand in the middle of sentences on nearly every one.
 */
export function keepMomentsWhole(html: string): string {
  return html.replace(MOMENT, (moment, at: number) => {
    // React escapes ">" in what a page says, so the last of the two tells whether this is inside a tag.
    const tag = html.lastIndexOf('<', at);
    const isText = html.lastIndexOf('>', at) > tag && !LETTERS_ONLY.test(html.slice(tag, tag + 10));
    return isText ? `<span class="unbroken">${moment}</span>` : moment;
  });
}
