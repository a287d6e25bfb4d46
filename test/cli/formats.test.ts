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
import { runCli } from '../support/cli';

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

/** The commands below this one with their own options, as their help tells. */
async function listCommands(path: readonly string[]): Promise<{ readonly command: string; readonly options: readonly string[] }[]> {
  const { out } = await runCli([...path, '--help', '--lang', 'en'], {});
  const [head = '', below = ''] = out.split('\nCommands:\n');
  const names = [...below.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const options = [...head.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
  const own = path.length > 0 && (names.length === 0 || options.length > 0) ? [{ command: path.join(' '), options }] : [];
  const children = await Promise.all(names.map((name) => listCommands([...path, name])));
  return [...own, ...children.flat()];
}

describe('docs/formats.md', () => {
  it('names every command and every option', async () => {
    const commands = await listCommands([]);
    expect(commands.length).toBeGreaterThan(25);
    const missing = commands.flatMap(({ command, options }) => [
      ...(new RegExp(`\`${command}[ \`]`).test(text) ? [] : [command]),
      ...options.filter((option) => !new RegExp(`${option}[ \\]\`]`).test(text)).map((option) => `${command} ${option}`),
    ]);
    expect(missing).toEqual([]);
  });

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
