import { Presets, SingleBar } from 'cli-progress';
import type { CliTexts } from '../i18n/cli-texts';
import { digits } from '../i18n/format';

/** Exit codes of every command; docs/formats.md lists the same. */
export const EXIT = {
  ok: 0,
  /** Refused, rejected, or differences found. Nothing is half done. */
  refused: 1,
  usage: 2,
  /** Database, keys, files or rights are not as they must be. */
  environment: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command is given by the process, or by a test. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Whether progress is shown. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Where a command's answer goes: lines for people, or one JSON object for scripts. */
export class Terminal {
  constructor(
    private readonly io: CliIo,
    readonly texts: CliTexts,
    private readonly json: boolean,
  ) {}

  get signal(): AbortSignal {
    return this.io.signal;
  }

  /** The answer: `lines` for people, `result` for scripts. */
  answer(result: object, lines: readonly string[]): void {
    this.io.out(this.json ? `${JSON.stringify(result, plainJson)}\n` : lines.map((line) => `${line}\n`).join(''));
  }

  /** An answer that is a no: people read it where errors go. */
  refuse(result: object, lines: readonly string[]): ExitCode {
    if (this.json) this.answer(result, []);
    else this.io.err(lines.map((line) => `${line}\n`).join(''));
    return EXIT.refused;
  }

  /** A word to people beside the answer; scripts are spared it. */
  hint(line: string): void {
    if (!this.json) this.io.err(`${line}\n`);
  }

  /** Runs work with a progress bar, on a terminal only. `update` takes what is done of the total. */
  async withProgress<T>(work: (update: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    if (!this.io.isTerminal || this.json) return work(() => {});
    const bar = new SingleBar(
      { format: '{bar} {percentage}%  {eta_formatted}', clearOnComplete: true, hideCursor: true },
      Presets.shades_classic,
    );
    let started = false;
    try {
      return await work((done, total) => {
        if (!started) bar.start(total, 0);
        started = true;
        bar.update(Math.min(done, total));
      });
    } finally {
      if (started) bar.stop();
    }
  }

  /** Shows a growing count where no total is known, on a terminal only. */
  async withCount<T>(work: (update: (done: number) => void) => Promise<T>): Promise<T> {
    if (!this.io.isTerminal || this.json) return work(() => {});
    const bar = new SingleBar(
      { format: '{value}', formatValue: (value) => digits(value), clearOnComplete: true, hideCursor: true },
      Presets.shades_classic,
    );
    bar.start(0, 0);
    try {
      return await work((done) => bar.update(done));
    } finally {
      bar.stop();
    }
  }
}

function plainJson(_key: string, value: unknown): unknown {
  // Yen are far below 2^53.
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Columns under each other; every column but the first is put to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, width(cell))), []);
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const fill = ' '.repeat((widths[i] ?? 0) - width(cell));
        return i === 0 ? cell + fill : fill + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Columns on a terminal: kana, kanji and full-width signs take two. */
function width(text: string): number {
  return [...text].reduce(
    (sum, sign) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(sign) ? 2 : 1),
    0,
  );
}
