import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { GRANT_COLUMNS, type GrantColumn, type GrantProblem, type GrantRow, grantJudge } from '~/domain/grant-row';
import { readHeader, type Verdict } from '~/domain/row-file';

const fixtures = path.resolve('test/fixtures');
const HEADER = Object.values(GRANT_COLUMNS);
const GOOD: Record<GrantColumn, string> = {
  number: 'KM-1',
  inquiry: '439000000001',
  name: '熊本 花子',
  kana: 'クマモト ハナコ',
  phone: '090-0000-9001',
  mail: 'hanako@example.jp',
  residual: '1000',
  channel: 'SMS',
};

function judge(change: Partial<Record<GrantColumn, string>>): Verdict<GrantRow, GrantProblem> {
  const header = readHeader(GRANT_COLUMNS, HEADER);
  if (!header.ok) throw new Error('header');
  return grantJudge(header.layout, 1_000_000n).judge(Object.values({ ...GOOD, ...change }));
}

describe('the record of every bad kind', () => {
  const records = parse(readFileSync(path.join(fixtures, 'grants-bad.csv')), { relax_column_count: true, bom: true });
  const expected = JSON.parse(readFileSync(path.join(fixtures, 'grants-bad.expected.json'), 'utf8')) as {
    row: number;
    grant: string;
    verdict: 'accept' | 'reject';
    why: string;
  }[];
  const header = readHeader(GRANT_COLUMNS, records[0] ?? []);
  const rules = header.ok ? grantJudge(header.layout, 1_000_000n) : null;
  const verdicts = records.slice(1).map((record, index) => ({ row: index + 2, verdict: rules?.judge(record) }));

  it('has a verdict each', () => {
    expect(verdicts.map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
  });

  it.each(expected)('row $row, $grant: $verdict, $why', ({ row, grant, verdict }) => {
    const found = verdicts.find((candidate) => candidate.row === row)?.verdict;
    expect(found?.ok).toBe(verdict === 'accept');
    expect(found?.ok ? found.row.number : found?.number).toBe(grant);
  });

  it('names the problem of each', () => {
    expect(verdicts.flatMap(({ row, verdict }) => (verdict && !verdict.ok ? [[row, ...verdict.problems]] : []))).toEqual([
      [5, 'residual_zero'],
      [6, 'residual_negative'],
      [7, 'residual_fraction'],
      [8, 'residual_not_a_number'],
      [9, 'residual_missing'],
      [10, 'residual_too_large'],
      [11, 'phone_missing'],
      [12, 'phone_landline'],
      [15, 'mail_malformed'],
      [16, 'mail_malformed'],
      [17, 'channel_unknown'],
      [20, 'number_twice'],
      [23, 'too_many_columns'],
      [24, 'too_few_columns'],
    ]);
  });
});

describe('a record', () => {
  it('keeps what was written and files what is meant', () => {
    expect(
      judge({ name: '=HYPERLINK("http://example.jp","x")', phone: '+81 90 0000 9913', residual: '１，２３４', number: ' ＫＭ－２ ' }),
    ).toEqual({
      ok: true,
      row: {
        number: 'KM-2',
        inquiryNumber: '439000000001',
        contact: {
          name: '=HYPERLINK("http://example.jp","x")',
          kana: 'クマモト ハナコ',
          phone: '+819000009913',
          mail: 'hanako@example.jp',
        },
        yen: 1234n,
        channel: 'sms',
      },
    });
  });

  it.each<[Partial<Record<GrantColumn, string>>, GrantProblem[]]>([
    [{ number: '' }, ['number_missing']],
    [{ number: 'KM 1' }, ['number_malformed']],
    [{ number: 'KM-1\n' }, ['number_malformed']],
    [{ number: `K${'1'.repeat(40)}` }, ['number_malformed']],
    [{ inquiry: '12<3' }, ['inquiry_malformed']],
    [{ name: 'A\u0000B' }, ['name_malformed']],
    [{ name: 'あ'.repeat(101) }, ['name_malformed']],
    [{ kana: 'ア\nイ' }, ['kana_malformed']],
    [{ channel: '' }, ['channel_missing']],
    [{ channel: 'メール', mail: '' }, ['mail_missing']],
    [{ channel: 'メール', phone: '12' }, ['phone_malformed']],
    [{ mail: 'x' }, ['mail_malformed']],
    [{ residual: '1000001' }, ['residual_too_large']],
    [{ residual: '0x10' }, ['residual_not_a_number']],
    [{ phone: '', residual: '0', channel: 'SMS' }, ['phone_missing', 'residual_zero']],
  ])('with %j has %j', (change, problems) => {
    const verdict = judge(change);
    expect(verdict.ok ? [] : verdict.problems).toEqual(problems);
  });

  it('may hold exactly the ceiling', () => {
    expect(judge({ residual: '1,000,000' }).ok).toBe(true);
  });

  it('by mail may name a fixed line', () => {
    expect(judge({ channel: 'ﾒｰﾙ', phone: '096-333-0000' }).ok).toBe(true);
  });
});

describe('a header', () => {
  it('may have any order', () => {
    const header = readHeader(GRANT_COLUMNS, [...HEADER].reverse());
    expect(header.ok && header.layout.number).toBe(7);
  });

  it('is refused with every missing, unknown and repeated column named', () => {
    expect(readHeader(GRANT_COLUMNS, ['付与番号', '付与番号', '氏名', 'フリガナ', '電話番号', 'メールアドレス', '残額', '備考'])).toEqual({
      ok: false,
      problems: [
        { kind: 'missing', column: 'お問合せ番号' },
        { kind: 'missing', column: '送付方法' },
        { kind: 'twice', column: '付与番号' },
        { kind: 'unknown', column: '備考' },
      ],
    });
  });
});
