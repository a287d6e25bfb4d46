import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskMail, maskPhone, normaliseKana, normaliseName, readMail, readPhone, showPhone } from '~/domain/contact';

describe('a telephone number', () => {
  it.each([
    ['090-0000-0012', '+819000000012', 'mobile'],
    ['０９０－００００－９９１２', '+819000009912', 'mobile'],
    ['+81 90 0000 9913', '+819000009913', 'mobile'],
    ['+81-090-0000-9913', '+819000009913', 'mobile'],
    ['008190 0000 9913', '+819000009913', 'mobile'],
    ['090‐0000–0012', '+819000000012', 'mobile'],
    ['090ー0000ー0012', '+819000000012', 'mobile'],
    ['090−0000—0012', '+819000000012', 'mobile'],
    ['(090) 0000.0012', '+819000000012', 'mobile'],
    ['０９０　００００　００１２', '+819000000012', 'mobile'],
    ['08000000001', '+818000000001', 'mobile'],
    ['070-0000-0001', '+817000000001', 'mobile'],
    ['060-0000-0001', '+816000000001', 'mobile'],
    ['096-333-0000', '+81963330000', 'landline'],
    ['03-5244-9370', '+81352449370', 'landline'],
    ['050-1234-5678', '+815012345678', 'landline'],
    ['0120-479-249', '+81120479249', 'landline'],
  ])('%s is %s (%s)', (text, e164, kind) => {
    expect(readPhone(text)).toEqual({ e164, kind });
  });

  it.each([
    '',
    '090',
    '090-0000-001',
    '090-0000-00123',
    '110',
    '+1 202 555 0100',
    '020-1234-5678',
    '090-0000-000a',
    '090-0000-0012\n',
    '090-0000-0012 内線5',
  ])('%j is none', (text) => {
    expect(readPhone(text)).toBeNull();
  });

  it('read twice stays what it is', () => {
    fc.assert(
      fc.property(fc.constantFrom('060', '070', '080', '090'), fc.integer({ min: 0, max: 99_999_999 }), (prefix, rest) => {
        const once = readPhone(prefix + String(rest).padStart(8, '0'));
        expect(once?.kind).toBe('mobile');
        expect(readPhone(once?.e164 ?? '')).toEqual(once);
        expect(readPhone(showPhone(once?.e164 ?? ''))).toEqual(once);
      }),
    );
  });

  it('is masked but for its ends', () => {
    expect(maskPhone('+819000000012')).toBe('090-****-0012');
    expect(maskPhone('+81963330000')).toBe('096-***-0000');
    expect(showPhone('+819000000012')).toBe('090-0000-0012');
  });
});

describe('a mail address', () => {
  it.each([
    ['user00001@example.ne.jp', 'user00001@example.ne.jp'],
    [' Taro.Yamada+x@EXAMPLE.jp ', 'Taro.Yamada+x@example.jp'],
    ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ', 'taro@example.jp'],
    ['a..b.@docomo.example', 'a..b.@docomo.example'],
    ['x@xn--eckwd4c7c.xn--zckzah', 'x@xn--eckwd4c7c.xn--zckzah'],
  ])('%j is %s', (text, mail) => {
    expect(readMail(text)).toBe(mail);
  });

  it.each([
    'not-an-address',
    '@example.jp',
    'a@',
    'a@localhost',
    'a@b@example.jp',
    'a b@example.jp',
    'ok@example.jp\nBcc: x@example.jp',
    'ok@example.jp\r',
    'ok@example.jp\u0000',
    'ok@example.jp\u2028',
    'ok@exa_mple.jp',
    'ok@-example.jp',
    'ok@example.j',
    'ok@example..jp',
    '"a b"@example.jp',
    'a,b@example.jp',
    'a<b>@example.jp',
    `${'a'.repeat(65)}@example.jp`,
    `a@${'b'.repeat(64)}.jp`,
    '日本@example.jp',
  ])('%j is none', (text) => {
    expect(readMail(text)).toBeNull();
  });

  it('is masked but for its first letter and its domain', () => {
    expect(maskMail('taro@example.jp')).toBe('t***@example.jp');
    expect(maskMail('t@example.jp')).toBe('t***@example.jp');
  });
});

describe('a name', () => {
  it.each([
    ['山田 花子', '山田花子'],
    ['山田　花子', '山田花子'],
    ['髙橋 幸子', '高橋幸子'],
    ['山﨑 大翔', '山崎大翔'],
    ['濵田 茂', '浜田茂'],
    ['Ｓｍｉｔｈ Ｊｏｈｎ', 'smithjohn'],
  ])('%s is filed as %s', (text, filed) => {
    expect(normaliseName(text)).toBe(filed);
  });

  it.each([
    ['ﾔﾏﾀﾞ ﾊﾅｺ', 'ヤマダハナコ'],
    ['やまだ はなこ', 'ヤマダハナコ'],
    ['ヤマダ　ハナコ', 'ヤマダハナコ'],
    ['ジョン・スミス', 'ジョンスミス'],
    ['ｼﾞｮｰﾝｽﾞ', 'ジョーンズ'],
    ['ゔぃおら', 'ヴィオラ'],
  ])('the reading %s is filed as %s', (text, filed) => {
    expect(normaliseKana(text)).toBe(filed);
  });
});
