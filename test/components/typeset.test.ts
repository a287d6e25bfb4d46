import { describe, expect, it } from 'vitest';
import { keepMomentsWhole } from '~/components/typeset';

const whole = (moment: string) => `<span class="unbroken">${moment}</span>`;

describe('a finished page', () => {
  it.each(['2023年5月31日（水）23:59', '2023年5月31日（水） 23:59', '2023年5月31日（水）', '5月31日（水）'])(
    'keeps %s on one line',
    (moment) => {
      expect(keepMomentsWhole(`<p>期限は${moment}です。</p>`)).toBe(`<p>期限は${whole(moment)}です。</p>`);
    },
  );

  it('keeps each of several in a sentence whole, and its words as they are', () => {
    const html = '<p>3月1日（水）、<b>3月5日（日）</b>と3月10日</p>';
    expect(keepMomentsWhole(html)).toBe(`<p>${whole('3月1日（水）')}、<b>${whole('3月5日（日）')}</b>と3月10日</p>`);
  });

  it.each([
    '<time title="2023年5月31日（水）23:59">5/31</time>',
    '<title>2023年5月31日（水）</title>',
    '<select><option value="a">2023年5月31日（水）</option></select>',
    '<textarea name="body">受取期限は2023年5月31日（水）です</textarea>',
    '<svg><text x="1">5月31日（水）</text></svg>',
  ])('puts no markup where only letters can stand: %s', (html) => {
    expect(keepMomentsWhole(html)).toBe(html);
  });
});
