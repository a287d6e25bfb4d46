import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { STOCK_PROBLEMS } from '#adapters/providers/stock-files';
import { EXIT } from '~/cli/terminal';
import { GRANT_COLUMNS, GRANT_PROBLEMS } from '~/domain/grant-row';
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

const tables: Record<string, string> = {
  'grant columns': generated(
    ['見出し'],
    Object.values(GRANT_COLUMNS).map((heading) => [heading]),
  ),
  'grant problems': generated(
    ['コード', '列', '意味'],
    Object.entries(GRANT_PROBLEMS).map(([code, { column, ja }]) => [`\`${code}\``, column ? GRANT_COLUMNS[column] : '行全体', ja]),
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
