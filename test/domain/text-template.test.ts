import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_PURPOSES } from '~/domain/message';
import { checkText, fillText, neededPlaces, PLACES, type PlaceValues, tidyText } from '~/domain/text-template';
import { draftOf } from '~/messages/draft';
import type { MessageFacts } from '~/messages/facts';
import { valuesOf, writeMessage } from '~/messages/own-text';

const FACTS: MessageFacts = {
  purpose: 'invitation',
  language: 'ja',
  programme: { ja: 'くまもと再発見の旅 地域クーポン補償', en: 'Kumamoto travel coupon compensation' },
  office: { ja: '再発見の旅事務局', en: 'Kumamoto Travel Office' },
  callCentre: { name: { ja: '補償コールセンター', en: 'centre' }, tel: '0120-479-249', hours: { ja: '平日 10:00～18:00', en: 'weekdays' } },
  senders: { mail: 'noreply@example.jp', sms: '03-0000-0000' },
  name: '高橋 花子',
  yen: 1_357n,
  deadlineAt: new Date('2023-06-01T00:00:00+09:00'),
  open: true,
  link: 'https://k.example/r/AAAAAAAAAAAAAAAAAAAAAA',
  phrase: 'すいか・みかん',
  checkUrl: 'https://k.example/check',
  stopLink: null,
};
const GOOD = '{name} 様\n{office}です。{amount}を{deadline}までに受け取れます。\n{link}\n合言葉 {phrase}\n確認 {check}\n{tel}';
const INVITATION = { purpose: 'invitation', channel: 'mail', sample: valuesOf(FACTS) } as const;
const problemsOf = (body: string, subject = '【{office}】ご案内') => checkText({ subject, body }, INVITATION).map(({ problem }) => problem);

describe('a text with places', () => {
  it('is filled for one person', () => {
    expect(fillText(GOOD, valuesOf(FACTS))).toBe(
      '高橋 花子 様\n再発見の旅事務局です。1,357円を2023年5月31日（水）23:59までに受け取れます。\nhttps://k.example/r/AAAAAAAAAAAAAAAAAAAAAA\n合言葉 すいか・みかん\n確認 https://k.example/check\n0120-479-249',
    );
  });

  it('loses the whole line of a place that has nothing to say', () => {
    expect(fillText(GOOD, valuesOf({ ...FACTS, name: null }))).toMatch(/^再発見の旅事務局です/);
  });

  it('fills once: a name that looks like a place, a tag or a header stays a name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.constantFrom('{link}', '{amount}', '<b>', '\r\nBcc: x@y.z', '$&', '{{'),
        (text, bad) => {
          const own = { subject: '{office} {name}', body: GOOD };
          const written = writeMessage({ ...FACTS, name: `${text}${bad}`, office: { ja: `局${bad}`, en: 'x' } }, 'mail', own);
          expect(written.subject).not.toMatch(/[\r\n]/);
          expect((written.text.match(/https:\/\/k\.example\/r\//g) ?? []).length).toBe(1);
          expect(written.html).not.toContain('<b>');
          expect((written.html?.match(/<a /g) ?? []).length).toBe(2);
        },
      ),
    );
  });

  it('of any words is judged without failing, and nothing that passes lacks its link or brings another address', () => {
    const piece = fc.oneof(
      fc.constantFrom(...PLACES.map((place) => `{${place}}`), '{x}', '{', '}', '\n', 'https://evil.example', 'evil.com', '<a href>'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const body = tidyText(pieces.join(''));
        if (problemsOf(body).length > 0) return;
        const { html } = writeMessage(FACTS, 'mail', { subject: 'x {office}', body });
        expect(body.split('{link}')).toHaveLength(2);
        expect(html).not.toContain('evil');
      }),
      { numRuns: 500 },
    );
  });

  it('is taken when it is good', () => {
    expect(problemsOf(GOOD)).toEqual([]);
  });

  it.each([
    ['no text', ' ', ['empty']],
    ['an unknown place', `${GOOD}{linc}`, ['unknown_place']],
    ['a lone brace', `${GOOD} { `, ['brace']],
    ['two links', `${GOOD}\n{link}`, ['place_twice']],
    ['no link', GOOD.replace('{link}', ''), ['place_missing']],
    ['no amount', GOOD.replace('{amount}', ''), ['place_missing']],
    ['a link that stops', `${GOOD}{stop}`, ['place_not_here']],
    ['an address written out', `${GOOD}\nhttps://evil.example/x`, ['address_in_text']],
    ['a host', `${GOOD}\nwww.evil.example`, ['address_in_text']],
    ['a bare domain', `${GOOD}\nevil.com で`, ['address_in_text']],
    ['a mail address', `${GOOD}\na@evil.example`, ['address_in_text']],
    ['a turned direction', `${GOOD}\u202e`, ['unseen']],
    ['an unseen character', `${GOOD}\u200b`, ['unseen']],
    ['a NUL', `${GOOD}\u0000`, ['unseen']],
    ['too much', `${GOOD}${'あ'.repeat(3_000)}`, ['long']],
  ] as const)('with %s says so', (_case, body, problems) => {
    expect(problemsOf(body)).toEqual(expect.arrayContaining([...problems]));
  });

  it.each([
    ['', ['subject_empty']],
    ['a\r\nBcc: x', ['subject_lines', 'unseen']],
    ['あ'.repeat(81), ['subject_long']],
    ['{link}', ['place_not_here']],
  ] as const)('with the subject %j says so', (subject, problems) => {
    expect(problemsOf(GOOD, subject)).toEqual(expect.arrayContaining([...problems]));
  });

  it('takes ordinary words with points and slashes', () => {
    expect(problemsOf(`${GOOD}\n5/31まで。No.1 / 24時間。1.5倍。Q&A…`)).toEqual([]);
  });

  it('of the old address can bear no link', () => {
    const of = { ...INVITATION, purpose: 'address_changed_old' } as const;
    expect(checkText({ subject: 'x', body: '{office}{tel}{link}' }, of).map(({ problem }) => problem)).toEqual(['place_not_here']);
  });

  it('of an SMS that would be too many parts says so', () => {
    const of = { ...INVITATION, channel: 'sms' } as const;
    const body = `{office}{amount}{day}{link}{phrase}${'あ'.repeat(400)}`;
    expect(checkText({ subject: null, body }, of).map(({ problem }) => problem)).toEqual(['sms_long']);
  });
});

const KINDS = MESSAGE_PURPOSES.flatMap((purpose) =>
  (['mail', 'sms'] as const).flatMap((channel) => (['ja', 'en'] as const).map((language) => [purpose, channel, language] as const)),
);

describe('the draft an office begins with', () => {
  it.each(KINDS)('%s by %s in %s has every place it needs, and none of the marks', (purpose, channel, language) => {
    const draft = draftOf(purpose, channel, language);
    const facts = { ...FACTS, purpose, language, ...(purpose === 'reminder' ? { stopLink: 'https://k.example/stop/x' } : {}) };
    const problems = checkText(draft, { purpose, channel, sample: valuesOf(facts) });
    expect(problems).toEqual([]);
    expect(`${draft.subject}${draft.body}`).not.toMatch(/invalid|987|［|\[(?!\{)|0000-000/);
    for (const place of neededPlaces(purpose, channel)) expect(`${draft.subject}${draft.body}`).toContain(`{${place}}`);
  });
});

it('has a value or null for each place', () => {
  const values: PlaceValues = valuesOf(FACTS);
  expect(Object.keys(values).sort()).toEqual([...PLACES].sort());
});
