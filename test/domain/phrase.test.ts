import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendersFor } from '~/domain/campaign';
import { decideCheck, isOfficialSender, readCheck } from '~/domain/message-check';
import { joinedPhrase, phraseOf, readPhrase, writePhrase } from '~/domain/phrase';
import { PHRASE_WORDS } from '~/domain/phrase-words';

describe('the phrase', () => {
  it('is made of 512 different words of two to five kana', () => {
    expect(new Set(PHRASE_WORDS).size).toBe(512);
    for (const word of PHRASE_WORDS) expect(word).toMatch(/^[ぁ-ゖ]{2,5}$/);
  });

  it('is read again as it was written, in either language', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 32 }), (bytes) => {
        const phrase = phraseOf(Buffer.from(bytes));
        expect(readPhrase(writePhrase(phrase, 'ja'))).toBe(joinedPhrase(phrase));
        expect(readPhrase(writePhrase(phrase, 'en'))).toBe(joinedPhrase(phrase));
      }),
    );
  });

  it.each([
    'りんご・でんしゃ',
    'リンゴ　デンシャ',
    'ﾘﾝｺﾞ･ﾃﾞﾝｼｬ',
    '「りんご・でんしゃ」',
    'りんごでんしゃ',
    ' りんご、でんしゃ。',
    'Ringo Densha',
    'ｒｉｎｇｏ－ｄｅｎｓｈａ',
    'りんご / densha',
  ])('%s is put right', (typed) => {
    expect(readPhrase(typed)).toBe('りんごでんしゃ');
  });

  it.each(['', '   ', '12345', '林檎・電車', '<script>', '・', 'あ', "' or 1=1 --", '\u0000'])('%j is none', (typed) => {
    expect(readPhrase(typed)).toBeNull();
  });

  it('of any text is read without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
        const read = readPhrase(typed);
        expect(read === null || read.length > 1).toBe(true);
      }),
    );
  });
});

const SENDERS = { mail: 'Noreply@Example.jp', sms: '03-5244-9370' };

describe('a sender', () => {
  const typed = (sender: string) => {
    const read = readCheck({ sender, phrase: 'りんご・でんしゃ', arrived: '090-1234-5678' });
    return 'problems' in read ? null : read.sender;
  };

  it.each([
    'noreply@example.jp',
    ' NOREPLY@EXAMPLE.JP ',
    'example.jp',
    '旅事務局 <noreply@example.jp>',
    'ｎｏｒｅｐｌｙ＠ｅｘａｍｐｌｅ．ｊｐ',
    '03-5244-9370',
    '０３－５２４４－９３７０',
    '0352449370',
    '+81 3-5244-9370',
    '03(5244)9370',
  ])('%s is ours', (sender) => {
    expect(isOfficialSender(typed(sender) ?? '', SENDERS)).toBe(true);
  });

  it.each(['noreply@example.jp.evil.example', 'evil@example.jp', 'jp', 'ample.jp', '03-5244-9371', '5244-9370', 'KUMAMOTO'])(
    '%s is not',
    (sender) => {
      expect(isOfficialSender(typed(sender) ?? '', SENDERS)).toBe(false);
    },
  );

  it('may be one of its own for reminders, where there is one', () => {
    const both = { ...SENDERS, reminderMail: 'Reminder@news.example.jp' };
    for (const sender of ['reminder@news.example.jp', 'news.example.jp', 'noreply@example.jp'])
      expect(isOfficialSender(typed(sender) ?? '', both), sender).toBe(true);
    expect(isOfficialSender(typed('reminder@news.example.jp') ?? '', SENDERS)).toBe(false);
    expect(sendersFor(both, 'reminder').mail).toBe('Reminder@news.example.jp');
    expect([sendersFor(SENDERS, 'reminder').mail, sendersFor(both, 'invitation').mail]).toEqual([SENDERS.mail, SENDERS.mail]);
  });

  it('that shows another number may be a carrier, another mail address may not', () => {
    expect(decideCheck(typed('0005-1234') ?? '', SENDERS)).toBe('other_number');
    expect(decideCheck(typed('x@evil.example') ?? '', SENDERS)).toBe('other_sender');
    expect(decideCheck(typed('noreply@example.jp') ?? '', SENDERS)).toBe('ours');
    expect(decideCheck(typed('noreply@example.jp') ?? '', null)).toBe('not_ours');
  });
});

it('says of each field what is wrong with it, all at once', () => {
  expect(readCheck({ sender: ' ', phrase: '林檎', arrived: 'x' })).toEqual({
    problems: [
      { field: 'sender', problem: 'missing' },
      { field: 'phrase', problem: 'unreadable' },
      { field: 'arrived', problem: 'unreadable' },
    ],
  });
});
