import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StockFileSpec } from '#adapters/providers/port';
import { providers } from '#adapters/providers/registry';
import { needsFaceValue, parseStockFile, type StockRow } from '#adapters/providers/stock-files';

const gifts: StockFileSpec = { format: 'gift_ids', codePattern: /^[A-Za-z0-9]{16}$/ };
const charges: StockFileSpec = { format: 'charge_codes', codePattern: /^\d{16}$/ };
const HEAD = 'ギフトID,額面,管理番号,有効期限,URL';
const CHARGE_HEAD = 'ChargeCode,ChargeCodeUrl,ExpiredDate_startAt,ExpiredDate_endAt';

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

async function read(text: string | readonly string[], spec: StockFileSpec = gifts, options: { yen?: number } = {}): Promise<StockRow[]> {
  const rows: StockRow[] = [];
  for await (const row of parseStockFile(pieces(...(typeof text === 'string' ? [text] : text)), spec, options)) rows.push(row);
  return rows;
}

const good = (n: number, more: object = {}) => ({
  ok: true,
  row: n,
  code: `TEST${String(n).padStart(12, 'A')}`,
  yen: 100,
  managementNo: '5632492203',
  url: 'https://ponta.example/gift?id=1',
  expiresOn: '2023-09-30',
  startsOn: undefined,
  ...more,
});
const line = (n: number) => `TEST${String(n).padStart(12, 'A')},100,5632492203,2023-09-30,https://ponta.example/gift?id=1`;

describe('delivered stock', () => {
  it('is read with byte-order mark and CRLF, as it comes', async () => {
    expect(await read(`\ufeff${HEAD}\r\n${line(2)}\r\n${line(3)}\r\n`)).toEqual([good(2), good(3)]);
  });

  it("is read in PayPay's own columns with the face value from outside", async () => {
    const text = `\ufeff${CHARGE_HEAD}\r\n0000518390963648,https://paypay.example/charge/0000518390963648,2023-04-01,2023-09-30\r\n`;
    expect(needsFaceValue('charge_codes')).toBe(true);
    expect(await read(text, charges, { yen: 1000 })).toEqual([
      {
        ok: true,
        row: 2,
        code: '0000518390963648',
        yen: 1000,
        managementNo: undefined,
        url: 'https://paypay.example/charge/0000518390963648',
        expiresOn: '2023-09-30',
        startsOn: '2023-04-01',
      },
    ]);
    await expect(read(text, charges)).rejects.toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('does not take %s yen for a face value', async (yen) => {
    await expect(read(`${CHARGE_HEAD}\n`, charges, { yen })).rejects.toThrow(RangeError);
  });

  it('may have its columns in another order, quotes, blanks, empty lines, slashes in dates and no optional cell', async () => {
    const rows = await read(
      `有効期限,ギフトID,額面,URL,管理番号\n\n 2023/9/30 ,"TESTAAAAAAAAAAAA",100,,\n\r\n2023-09-30,TESTAAAAAAAAAAAB,3000,,`,
    );
    expect(rows).toEqual([
      good(3, { code: 'TESTAAAAAAAAAAAA', managementNo: undefined, url: undefined }),
      good(5, { code: 'TESTAAAAAAAAAAAB', yen: 3000, managementNo: undefined, url: undefined }),
    ]);
  });

  it.each([
    ['code_missing', ',100,1,2023-09-30,'],
    ['code_malformed', 'TESTAAAAAAAAAAA,100,1,2023-09-30,'],
    ['code_malformed', 'TESTAAAAAAAAAAAあ,100,1,2023-09-30,'],
    ['code_malformed', '=1+1,100,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,0,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,-1,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,1.5,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,1e3,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,１０００,1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,"1,000",1,2023-09-30,'],
    ['yen_malformed', 'TESTAAAAAAAAAAAA,99999999999999999999,1,2023-09-30,'],
    ['expiry_malformed', 'TESTAAAAAAAAAAAA,100,1,,'],
    ['expiry_malformed', 'TESTAAAAAAAAAAAA,100,1,2023-02-30,'],
    ['expiry_malformed', 'TESTAAAAAAAAAAAA,100,1,30.9.2023,'],
    ['url_malformed', 'TESTAAAAAAAAAAAA,100,1,2023-09-30,http://ponta.example/'],
    ['url_malformed', 'TESTAAAAAAAAAAAA,100,1,2023-09-30,javascript:alert(1)'],
    ['management_no_malformed', 'TESTAAAAAAAAAAAA,100,1;DROP,2023-09-30,'],
    ['too_few_columns', 'TESTAAAAAAAAAAAA,100,1,2023-09-30'],
    ['too_many_columns', 'TESTAAAAAAAAAAAA,100,1,2023-09-30,,'],
    ['quote_malformed', 'TESTAAAAAAAAAAAA,"100,1,2023-09-30,'],
    ['quote_malformed', 'TEST"AAAAAAAAAAAA,100,1,2023-09-30,'],
    ['row_too_long', `TESTAAAAAAAAAAAA,100,1,2023-09-30,https://ponta.example/${'a'.repeat(5000)}`],
  ])('names %s and goes on: %s', async (problem, bad) => {
    expect(await read(`${HEAD}\n${line(2)}\n${bad}\n${line(4)}\n`)).toEqual([good(2), { ok: false, row: 3, problem }, good(4)]);
  });

  it('names a charge code that begins after its end', async () => {
    expect(await read(`${CHARGE_HEAD}\n0000518390963648,,2023-10-01,2023-09-30`, charges, { yen: 1 })).toEqual([
      { ok: false, row: 2, problem: 'expiry_malformed' },
    ]);
  });

  it('names a code that came before in the file, and where', async () => {
    const rows = await read(`${HEAD}\n${line(2)}\n${line(3)}\n${line(2).replace(',100,', ',500,')}`);
    expect(rows[2]).toEqual({ ok: false, row: 4, problem: 'duplicate_in_file', firstRow: 2 });
  });

  it("names a face value other than the operator's", async () => {
    expect(await read(`${HEAD}\n${line(2)}`, gifts, { yen: 500 })).toEqual([{ ok: false, row: 2, problem: 'yen_unexpected' }]);
  });

  it.each([
    ['an empty file', ''],
    ['only a byte-order mark', '\ufeff'],
    ['no headings', `${line(1)}\n${line(2)}`],
    ['the headings of another format', `${CHARGE_HEAD}\n`],
    ['a heading too few', 'ギフトID,額面,管理番号,有効期限\n'],
    ['a heading too many', `${HEAD},備考\n`],
    ['a heading twice', `${HEAD},URL\n`],
    ['a heading that every object has', HEAD.replace('URL', 'constructor')],
    ['an endless first line', 'x'.repeat(1_000_000)],
  ])('does not read %s', async (_, text) => {
    expect(await read(text)).toEqual([{ ok: false, row: 1, problem: 'header_unknown' }]);
  });

  it('passes the trouble of its source on', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield `${HEAD}\n`;
      throw new Error('disk');
    }
    const rows = parseStockFile(broken(), gifts);
    await expect(rows.next()).rejects.toThrow('disk');
  });

  it('reads the same whatever the pieces, and no problem ever holds a code', async () => {
    const text = `\ufeff${HEAD}\r\n${line(2)}\r\nTESTSECRETSECRET,abc,1,2023-09-30,\r\n\r\n${line(5)}\r\n${line(2)}\r\n"TESTSECRETSECRE2,1\r\n`;
    const whole = await read(text);
    expect(JSON.stringify(whole.filter((row) => !row.ok))).not.toContain('TEST');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(await read(at.slice(1).map((end, n) => text.slice(at[n], end)))).toEqual(whole);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is known for every provider', () => {
    for (const { stock } of providers) {
      expect(stock.codePattern.source).toMatch(/^\^.*\$$/);
      expect(stock.codePattern.flags).toBe('');
    }
  });
});
