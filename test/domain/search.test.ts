import { describe, expect, it } from 'vitest';
import type { Contact } from '~/domain/contact';
import { areTrueOf, differ, groupOf, isTrueOf, readFact, tokenOf, tokenTexts } from '~/domain/search';

const HAYASHI: Contact = { name: '林 さくら', kana: 'ハヤシ サクラ', phone: '+819012345678', mail: 'Sakura.H@example.jp' };
const KNOWN = { number: 'KM-A-000417', inquiryNumber: '0123-4567', contact: HAYASHI };

const finds = (typed: string, known = KNOWN) => readFact(typed).some((reading) => isTrueOf(reading, known));
/** Whether the index would lead to the person: a token that is filed is among those that are asked for. */
const leads = (typed: string, contact = HAYASHI) => {
  const filed = new Set(tokenTexts(contact).map(({ field, text }) => `${field} ${text}`));
  return readFact(typed).some((reading) => {
    const token = tokenOf(reading);
    return token !== null && filed.has(`${token.field} ${token.text}`);
  });
};

describe('what is typed and what it finds', () => {
  it.each([
    ['ハヤシ サクラ'],
    ['ﾊﾔｼ ｻｸﾗ'],
    ['はやし さくら'],
    ['はやしさくら'],
    ['ハヤシ　サクラ'],
    ['ハヤシ・サクラ'],
    ['はや'],
    ['林さくら'],
    ['林　さくら'],
    ['林さ'],
    ['090-1234-5678'],
    ['０９０－１２３４－５６７８'],
    ['090ー1234ー5678'],
    ['+81 90 1234 5678'],
    ['＋81 90-1234-5678'],
    ['+81 (0)90 1234 5678'],
    ['(090) 1234 5678'],
    ['09012'],
    ['090-12'],
    ['+81 90 12'],
    ['0901234567'],
    ['5678'],
    ['５６７８'],
    ['sakura.h@example.jp'],
    ['SAKURA.H@EXAMPLE.JP'],
    ['ｓａｋｕｒａ．ｈ＠ｅｘａｍｐｌｅ．ｊｐ'],
    ['sakura.h@'],
    ['sakura.h@exa'],
    ['sakura'],
    ['sak'],
  ])('%s finds 林 さくら, and the index leads there', (typed) => {
    expect(finds(typed)).toBe(true);
    expect(leads(typed)).toBe(true);
  });

  it.each([
    'KM-A-000417',
    'km-a-000417',
    'KMA000417',
    'ＫＭ－Ａ－０００４１７',
    'KM A 0004',
    'kma0',
    '0123-4567',
    '01234567',
    '0123',
    '０１２３－４５',
  ])('%s finds by a number', (typed) => expect(finds(typed)).toBe(true));

  it.each(['ハヤタ', '林さくらこ', '09012345679', '5679', 'sakura.i', 'sakura.h@example.com', 'KM-A-000418', '417', '川'])(
    '%s does not',
    (typed) => {
      expect(finds(typed)).toBe(false);
    },
  );

  it.each(['', ' ', '　', 'は', '林', 'a', '12', '123', '@', 'x@', '-'.repeat(9), 'あ'.repeat(255), '😀'])(
    'nobody is looked for by "%s"',
    (typed) => {
      expect(readFact(typed)).toEqual([]);
    },
  );

  it('knows long-vowel marks that were typed as hyphens, and names with common forms of characters', () => {
    const known = { ...KNOWN, contact: { ...HAYASHI, name: '髙橋 ジョー', kana: 'タカハシ ジョー' } };
    for (const typed of ['タカハシジョ-', 'ﾀｶﾊｼ ｼﾞｮｰ', '高橋ジョ―', '髙橋ジョー']) expect(finds(typed, known), typed).toBe(true);
  });
});

describe('two facts', () => {
  it('must be of different kinds; a name and its kana are one', () => {
    const name = readFact('林さくら');
    const kana = readFact('ハヤシ');
    expect(differ(name, kana)).toBe(false);
    expect(areTrueOf(name, kana, KNOWN)).toBe(false);
    expect(areTrueOf(kana, readFact('5678'), KNOWN)).toBe(true);
    expect(areTrueOf(kana, readFact('5679'), KNOWN)).toBe(false);
    expect(areTrueOf(readFact('KM-A-000417'), readFact('0123-4567'), KNOWN)).toBe(false);
    expect(new Set(readFact('0417').map(groupOf))).toEqual(new Set(['number', 'phone']));
  });
});

describe('the index', () => {
  it('files a bounded number of tokens, and none for what is not known', () => {
    expect(tokenTexts(HAYASHI).length).toBeLessThanOrEqual(45);
    expect(tokenTexts({ name: null, kana: null, phone: null, mail: null })).toEqual([]);
    expect(tokenTexts({ name: '林', kana: null, phone: null, mail: null })).toEqual([{ field: 'name', text: '林' }]);
  });
});
