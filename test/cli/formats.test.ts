import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { STOCK_PROBLEMS } from '#adapters/providers/stock-files';
import { EXIT } from '~/cli/terminal';
import { COUPON_COLUMNS, COUPON_PROBLEMS } from '~/domain/coupon-row';
import { GRANT_COLUMNS, GRANT_PROBLEMS } from '~/domain/grant-row';
import { PAYMENT_COLUMNS, PAYMENT_OUTCOMES, PAYMENT_PROBLEMS } from '~/domain/payment-row';
import type { ProblemText } from '~/domain/row-file';
import { cliEn } from '~/i18n/cli-en';
import { cliJa } from '~/i18n/cli-ja';
import { STOCK_LOAD_PROBLEMS } from '~/services/load-stock';
import { PROOF_CHECKS } from '~/views/proof';

const text = readFileSync(path.resolve('docs/formats.md'), 'utf8');

/** The table below a mark, as it must stand in the document. */
function generated(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function problems(columns: Readonly<Record<string, string>>, all: Readonly<Record<string, ProblemText<string>>>): string {
  return generated(
    ['コード', '列', '意味'],
    Object.entries(all).map(([code, { column, ja }]) => [`\`${code}\``, column ? (columns[column] ?? '') : '行全体', ja]),
  );
}

const tables: Record<string, string> = {
  'grant columns': generated(
    ['見出し'],
    Object.values(GRANT_COLUMNS).map((heading) => [heading]),
  ),
  'grant problems': problems(GRANT_COLUMNS, GRANT_PROBLEMS),
  'coupon columns': generated(
    ['見出し'],
    Object.values(COUPON_COLUMNS).map((heading) => [heading]),
  ),
  'coupon problems': problems(COUPON_COLUMNS, COUPON_PROBLEMS),
  'payment columns': generated(
    ['見出し'],
    Object.values(PAYMENT_COLUMNS).map((heading) => [heading]),
  ),
  'payment problems': problems(PAYMENT_COLUMNS, PAYMENT_PROBLEMS),
  'payment outcomes': generated(
    ['結果', 'コード'],
    Object.entries(PAYMENT_OUTCOMES).map(([word, code]) => [word, `\`${code}\``]),
  ),
  'stock problems': generated(
    ['コード', '意味'],
    [...STOCK_PROBLEMS, ...STOCK_LOAD_PROBLEMS].map((code) => [`\`${code}\``, cliJa.stock.problems[code] ?? '']),
  ),
  'proof checks': generated(
    ['コード', '一致すべきもの'],
    PROOF_CHECKS.map((code) => [`\`${code}\``, cliJa.proof.checks[code] ?? '']),
  ),
};

describe('docs/formats.md', () => {
  it.each(Object.entries(tables))('lists the %s as the code has them', (name, table) => {
    expect(text).toContain(`<!-- ${name} -->\n${table}\n`);
  });

  it('lists every exit code', () => {
    for (const code of Object.values(EXIT)) expect(text).toContain(`| ${code} | `);
  });
});

describe('the catalogues', () => {
  it.each([
    ['Japanese', cliJa],
    ['English', cliEn],
  ])('in %s have a sentence for every problem and check', (_language, texts) => {
    for (const code of [...STOCK_PROBLEMS, ...STOCK_LOAD_PROBLEMS]) expect(texts.stock.problems[code]).toBeTruthy();
    for (const code of PROOF_CHECKS) expect(texts.proof.checks[code]).toBeTruthy();
  });
});
