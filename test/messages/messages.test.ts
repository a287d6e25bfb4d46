import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignFile } from '~/domain/campaign';
import { toStore } from '~/domain/campaign-store';
import { MESSAGE_PURPOSES, type MessageLanguage, type MessagePurpose } from '~/domain/message';
import { segments } from '~/domain/segments';
import type { MessageFacts } from '~/messages/facts';
import { messageFit } from '~/messages/fit';
import { mailOf } from '~/messages/mail';
import { smsOf } from '~/messages/sms';

/** What recipients read, as texts: every purpose in both languages. */
const LANGUAGES = ['ja', 'en'] as const satisfies readonly MessageLanguage[];
const ALL = MESSAGE_PURPOSES.flatMap((purpose) => LANGUAGES.map((language) => [purpose, language] as const));
const TOKEN = 'A'.repeat(22);

function factsOf(purpose: MessagePurpose, language: MessageLanguage, more: Partial<MessageFacts> = {}): MessageFacts {
  return {
    purpose,
    language,
    programme: { ja: 'くまもと再発見の旅 地域クーポン補償', en: 'Kumamoto travel coupon compensation' },
    office: { ja: '再発見の旅事務局', en: 'Kumamoto Travel Office' },
    callCentre: {
      name: { ja: '補償コールセンター', en: 'compensation call centre' },
      tel: '0120-479-249',
      hours: { ja: '平日 10:00～18:00', en: 'weekdays 10:00-18:00' },
    },
    senders: { mail: 'noreply@example.jp', sms: '03-0000-0000' },
    name: '高橋 花子',
    yen: 1_357n,
    deadlineAt: new Date('2023-06-01T00:00:00+09:00'),
    open: true,
    link: purpose === 'address_changed_old' ? null : `https://k.example/r/${TOKEN}`,
    phrase: purpose === 'address_changed_old' ? null : language === 'ja' ? 'すいか・みかん' : 'suika mikan',
    checkUrl: 'https://k.example/check',
    ...more,
  };
}

describe('an SMS', () => {
  it.each(ALL)(
    '%s in %s is within what carriers take, with the call centre or a short text with the link at its end',
    (purpose, language) => {
      const text = smsOf(factsOf(purpose, language));
      const cost = segments(text);
      expect(cost.tooLong).toBe(false);
      expect(cost.segments).toBeLessThanOrEqual(3);
      expect(text.includes('0120-479-249') || (cost.segments === 1 && text.endsWith(`/r/${TOKEN}`))).toBe(true);
      expect(text).not.toContain('花子');
    },
  );

  it.each(MESSAGE_PURPOSES.filter((purpose) => !['address_changed_old', 'code_failed'].includes(purpose)))(
    '%s in Japanese is one, of 70 characters at most and with the phrase, where host and office are short',
    (purpose) => {
      const short = { office: { ja: '旅事務局', en: 'Travel' }, link: `https://k.jp/r/${TOKEN}` };
      const text = smsOf(factsOf(purpose, 'ja', short));
      expect(text).toContain('合言葉すいか・みかん');
      expect(text.length).toBeLessThanOrEqual(70);
      expect(segments(text).segments).toBe(1);
    },
  );

  it.each(MESSAGE_PURPOSES.filter((purpose) => purpose !== 'address_changed_old'))(
    '%s is whole, with the call centre, where the host is too long for one',
    (purpose) => {
      const link = `https://${'long-host-name.'.repeat(4)}example.jp/r/${TOKEN}`;
      const text = smsOf(factsOf(purpose, 'ja', { link }));
      expect(text.split('\n')).toContain(link);
      expect(text).toContain('0120-479-249');
      expect(segments(text).tooLong).toBe(false);
    },
  );

  it.each(ALL)('%s in %s names the link once, on its own or at the end, and nothing that looks like another', (purpose, language) => {
    const text = smsOf(factsOf(purpose, language));
    expect(text.match(/https?:\/\//g) ?? []).toHaveLength(purpose === 'address_changed_old' ? 0 : 1);
  });
});

describe('a mail', () => {
  it.each(ALL)('%s in %s has a subject, the same words twice, how to tell that it is real, and nothing loaded from elsewhere', (...own) => {
    const { subject, text, html } = mailOf(factsOf(...own));
    const office = own[1] === 'ja' ? '【再発見の旅事務局】' : '[Kumamoto Travel Office]';
    expect(subject.startsWith(office)).toBe(true);
    for (const words of ['0120-479-249', 'noreply@example.jp']) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
    expect(html).not.toMatch(/<(?:img|script|iframe|link|form)\b|url\(|src=/);
    expect(html.match(/href="/g) ?? []).toHaveLength(own[0] === 'address_changed_old' ? 0 : 1);
  });

  it('names the yen where it is about yen, as the language writes them', () => {
    expect(mailOf(factsOf('reissued', 'ja')).text).toContain('1,357円');
    expect(mailOf(factsOf('reissued', 'en')).text).toContain('¥1,357');
    expect(mailOf(factsOf('code_ready', 'ja')).text).not.toContain('前のギフトコードは使えません');
  });
});

const EVIL = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '高橋\r\nBcc: victim@example.jp',
  '高橋\nSubject: 当選',
  '{{link}} {{yen}}',
  '%7B%7Byen%7D%7D',
  '\u202e様 子花',
  'https://evil.example/r/x',
  'evil.example',
  'あ'.repeat(500),
] as const;

describe('what a programme sends', () => {
  const sample = toStore(campaignFile.parse(JSON.parse(readFileSync('db/programmes/kumamoto-2023/campaign.json', 'utf8'))));
  const fitWith = (office: string, hours: string, grantCeilingYen = 1_000n) => {
    const { settings } = sample;
    const callCentre = { ...settings.callCentre, hours: { ja: hours, en: hours } };
    const own = { ...sample, grantCeilingYen, settings: { ...settings, office: { ja: office, en: office }, callCentre } };
    return messageFit(own, 'https://k.jp');
  };
  it('is measured with its own names: an SMS in parts, and a letter on its page', () => {
    const kumamoto = messageFit(sample, 'https://uketori.example.jp');
    expect(kumamoto).toMatchObject({ letterFits: true, sms: [{ purpose: 'invitation', tooLong: false }, { purpose: 'reminder' }] });
    expect(fitWith('県', '平日').sms[0]).toEqual({ purpose: 'invitation', segments: 1, tooLong: false });
    expect(fitWith('県', '平日', 1_000_000n).sms[0]?.segments).toBeGreaterThan(1);
    expect(fitWith('事務局', '平日'.repeat(200))).toMatchObject({ letterFits: false, sms: [{ tooLong: false }, { tooLong: false }] });
    expect(fitWith('事務局', '平日'.repeat(350)).sms.map(({ tooLong }) => tooLong)).toEqual([true, true]);
  });
});

describe('a text from outside', () => {
  it.each(EVIL)('stays text in a name: %j', (name) => {
    for (const own of ALL) {
      const { subject, text, html } = mailOf(factsOf(...own, { name }));
      // Subject and SMS never hold a name at all.
      expect(subject).toBe(mailOf(factsOf(...own)).subject);
      expect(smsOf(factsOf(...own, { name }))).toBe(smsOf(factsOf(...own)));
      expect(html).not.toMatch(/<script|<img/);
      expect(text.split('\n').some((line) => /^(?:Bcc|Subject):/.test(line))).toBe(false);
      for (const each of [text, html]) {
        expect(each).not.toContain('evil.example');
        expect(each).not.toContain('\u202e');
        expect(each).not.toContain('victim@example.jp');
      }
      expect(text.match(/https:\/\/k\.example\/r\//g)?.length ?? 0).toBe(own[0] === 'address_changed_old' ? 0 : 1);
    }
  });

  it.each(EVIL.slice(0, 7))('is one line of text in the names of office and programme as well: %j', (name) => {
    for (const own of ALL) {
      const facts = factsOf(...own, { office: { ja: name, en: name }, programme: { ja: name, en: name } });
      const { subject, html } = mailOf(facts);
      expect(subject).not.toMatch(/[\r\n\u202e]/);
      expect(html).not.toMatch(/<script|<img/);
      expect(smsOf(facts)).not.toMatch(/\r|\u202e|^(?:Bcc|Subject):/m);
    }
  });

  it('with the braces of a template is not filled in', () => {
    for (const own of ALL) expect(mailOf(factsOf(...own, { name: '{{yen}}' })).text).toContain('{{yen}}');
  });
});

describe('what the former address is told', () => {
  it.each(LANGUAGES)('has no link, no new address, no amount and no name of a host in %s', (language) => {
    const facts = factsOf('address_changed_old', language);
    const mail = mailOf(facts);
    for (const text of [smsOf(facts), mail.text, mail.html, mail.subject]) {
      expect(text).not.toMatch(/https?:|\/r\/|k\.example/);
      expect(text.replace('noreply@example.jp', '')).not.toContain('@');
      expect(text).not.toContain('1,357');
    }
    for (const text of [smsOf(facts), mail.text]) expect(text).toContain('0120-479-249');
  });
});
