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
    ['a host in our letters', `${GOOD}\n例え.テスト と 受取.みんな`, ['address_in_text']],
    ['a host in full width', `${GOOD}\nｅｖｉｌ．ｃｏｍ へ`, ['address_in_text']],
    ['a host with a full stop', `${GOOD}\nevil。comへ`, ['address_in_text']],
    ['a host of digits', `${GOOD}\n203.0.113.5/login`, ['address_in_text']],
    ['a host that a number completes', GOOD.replace('{tel}', '{tel}.com/login'), ['address_in_text']],
    ['a host that the sender begins', `${GOOD}\n{sender}。com`, ['address_in_text']],
    ['a host that ours begins', `${GOOD}\n{host}.evil.example`, ['address_in_text']],
    ['a host that a name completes', GOOD.replace('{name} 様', '{name}.example'), ['address_in_text']],
    ['a host that ends in a name', `${GOOD}\nevil.{name}`, ['address_in_text']],
    ['a host after an item', `${GOOD}\nevil.1.Com 12.Com`, ['address_in_text']],
    ['words after the link', GOOD.replace('{link}', '{link}です'), ['place_glued']],
    ['letters before the link', GOOD.replace('{link}', 'x{link}'), ['place_glued']],
    ['a full stop after the link', GOOD.replace('{link}', '{link}。'), ['place_glued']],
    ['the page to check beside the number', GOOD.replace('{check}\n{tel}', '{check}{tel}'), ['place_glued']],
    ['the link on the line of the name', GOOD.replace('様\n', '様 ').replace('\n{link}', ' {link}'), ['place_drops']],
    ['a turned direction', `${GOOD}\u202e`, ['unseen']],
    ['an unseen character', `${GOOD}\u200b`, ['unseen']],
    ['half a character', `${GOOD}\ufffd`, ['unseen']],
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
    ['{office} {name}様', ['place_not_here']],
  ] as const)('with the subject %j says so', (subject, problems) => {
    expect(problemsOf(GOOD, subject)).toEqual(expect.arrayContaining([...problems]));
  });

  it.each([
    '5/31まで。No.1 / 24時間。1.5倍。Q&A…',
    '１．お手続き　２．本人確認\n1.Amazonギフトカード\n2.PayPayポイント、3.Edy',
    'Q.届かないときは\nA.コールセンターへ。PayPayもお選びになれます。Webから。PCでも。',
    'TEL：{tel}（{hours}）、受付は2023.5.31まで。10：00～18：00。3／31。',
    '差出人は{sender}です。{sender}から届きます。{host} で始まります。',
    '{office}。{amount}。ポイントで。残り100%。a.m. 10時…OK',
  ])('takes ordinary words with points and slashes: %s', (words) => {
    expect(problemsOf(`${GOOD}\n${words}`)).toEqual([]);
  });

  it('keeps its link and what else it must say for whoever has no name and nothing left', () => {
    const line = '{office} {amount} {link} 合言葉{phrase}';
    const of = { purpose: 'resend', channel: 'sms', sample: valuesOf({ ...FACTS, purpose: 'resend' }) } as const;
    const about = (body: string) => checkText({ subject: null, body }, of).map(({ problem, about: place }) => `${problem} ${place}`);
    expect(about(`{name}様 ${line}`)).toEqual(['place_drops name', 'place_drops amount']);
    expect(about(`{name}様\n${line.replace(' {amount}', '')}\n残額 {amount}`)).toEqual([]);
    // An invitation is about a sum, and always says it.
    expect(valuesOf({ ...FACTS, yen: 0n }).amount).toBe('0円');
    expect(valuesOf({ ...FACTS, purpose: 'resend', yen: 0n }).amount).toBeNull();
  });

  it('brings no address of the office itself into question', () => {
    const sample = valuesOf({ ...FACTS, office: { ja: '旅.com事務局', en: 'x' } });
    expect(checkText({ subject: '{office}', body: GOOD }, { ...INVITATION, sample })).toEqual([]);
    expect(checkText({ subject: '{office}', body: `${GOOD}\n{office}.com` }, { ...INVITATION, sample })).toHaveLength(1);
  });

  it('is counted as an SMS with the longest name', () => {
    const of = { ...INVITATION, channel: 'sms', sample: valuesOf({ ...FACTS, name: null }) } as const;
    const body = (more: number) => `{office}{amount}{day} {link} {phrase}\n{name}${'あ'.repeat(more)}`;
    expect(checkText({ subject: null, body: body(250) }, of)).toEqual([]);
    expect(checkText({ subject: null, body: body(290) }, of).map(({ problem }) => problem)).toEqual(['sms_long']);
  });

  it('of the old address can bear no link', () => {
    const of = { ...INVITATION, purpose: 'address_changed_old' } as const;
    expect(checkText({ subject: 'x', body: '{office}{tel} {link}' }, of).map(({ problem }) => problem)).toEqual(['place_not_here']);
  });

  it('of an SMS that would be too many parts says so', () => {
    const of = { ...INVITATION, channel: 'sms' } as const;
    const body = `{office}{amount}{day} {link} {phrase}${'あ'.repeat(400)}`;
    expect(checkText({ subject: null, body }, of).map(({ problem }) => problem)).toEqual(['sms_long']);
  });
});

const KINDS = MESSAGE_PURPOSES.flatMap((purpose) =>
  (['mail', 'sms'] as const).flatMap((channel) => (['ja', 'en'] as const).map((language) => [purpose, channel, language] as const)),
);

describe('the draft an office begins with', () => {
  const factsOf = (
    purpose: MessageFacts['purpose'],
    language: MessageFacts['language'],
    more: Partial<MessageFacts> = {},
  ): MessageFacts => ({
    ...FACTS,
    purpose,
    language,
    ...(purpose === 'reminder' ? { stopLink: 'https://k.example/stop/x' } : {}),
    ...(purpose === 'address_changed_old' ? { link: null, phrase: null, name: null } : {}),
    ...more,
  });

  it.each(KINDS)('%s by %s in %s has every place it needs, and none of the marks', (purpose, channel, language) => {
    const facts = factsOf(purpose, language);
    const draft = draftOf(facts, channel);
    const problems = checkText(draft, { purpose, channel, sample: valuesOf(facts, channel) });
    expect(problems).toEqual([]);
    expect(`${draft.subject}${draft.body}`).not.toMatch(/invalid|987|［|\[(?!\{)|0000-000|12\/28|23:59/);
    for (const place of neededPlaces(purpose, channel)) expect(`${draft.subject}${draft.body}`).toContain(`{${place}}`);
  });

  it.each(KINDS)('%s by %s in %s is, filled, what is sent without a text of the office’s own', (purpose, channel, language) => {
    const long = { link: 'https://uketori.prefecture.example.jp/r/AAAAAAAAAAAAAAAAAAAAAA' };
    const short = { link: 'https://k.jp/r/AAAAAAAAAAAAAAAAAAAAAA', office: { ja: '旅事務局', en: 'Travel' } };
    for (const more of [{}, long, short, { ...long, name: null, yen: 12_345n, deadlineAt: new Date('2023-06-10T17:30:00+09:00') }]) {
      const facts = factsOf(purpose, language, purpose === 'address_changed_old' ? {} : more);
      const draft = draftOf(facts, channel);
      const [sent, filled] = [writeMessage(facts, channel, null), writeMessage(facts, channel, draft)];
      expect({ subject: filled.subject, text: filled.text }).toEqual({ subject: sent.subject, text: sent.text });
    }
    if (channel === 'mail') expect(draftOf(factsOf(purpose, language), channel).body).toContain('{sender}');
  });
});

it('has a value or null for each place', () => {
  const values: PlaceValues = valuesOf(FACTS);
  expect(Object.keys(values).sort()).toEqual([...PLACES].sort());
});
