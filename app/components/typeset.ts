import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** What every day of Japan's calendar has in its middle, as the texts write it; looked for first, for that is quick. */
const MIDDLE = '日（';
/** The day before it, with or without its year, and the weekday after it, with or without a time. */
const BEFORE = /(?:\d{4}年)?\d{1,2}月\d{1,2}$/;
const AFTER = /^[日月火水木金土]）(?: ?\d{2}:\d{2})?/;
const BEFORE_LONGEST = '2023年12月31'.length;
const AFTER_LONGEST = '水） 23:59'.length;
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
  let set = '';
  let done = 0;
  for (let at = html.indexOf(MIDDLE); at >= 0; at = html.indexOf(MIDDLE, at + 1)) {
    const end = at + MIDDLE.length;
    const before = BEFORE.exec(html.slice(Math.max(done, at - BEFORE_LONGEST), at));
    const after = before && AFTER.exec(html.slice(end, end + AFTER_LONGEST));
    if (!after) continue;
    const from = at - before[0].length;
    const to = end + after[0].length;
    // React escapes ">" in what a page says, so the last of the two tells whether this is inside a tag.
    const tag = html.lastIndexOf('<', from);
    if (html.lastIndexOf('>', from) <= tag || LETTERS_ONLY.test(html.slice(tag, tag + 10))) continue;
    set += `${html.slice(done, from)}<span class="unbroken">${html.slice(from, to)}</span>`;
    done = to;
  }
  return set + html.slice(done);
}
