import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { csvRecord } from '../../domain/spreadsheet';

const BOM = '\ufeff';

/**
 * Writes the rejected rows beside a file, as a CSV that Excel opens: row, what names it, column, problem. The
 * file is made at the first rejected row; without one there is none.
 */
export class RejectedRows {
  private stream: WriteStream | null = null;
  private trouble: Error | null = null;
  private closing: Promise<string | null> | null = null;

  constructor(
    private readonly path: string | null,
    private readonly headings: readonly string[],
  ) {}

  async write(cells: readonly string[]): Promise<void> {
    if (this.path === null) return;
    if (!this.stream) {
      this.stream = createWriteStream(this.path, { mode: 0o600 });
      this.stream.on('error', (error) => {
        this.trouble = error;
      });
      this.stream.write(BOM + csvRecord(this.headings));
    }
    if (!this.stream.write(csvRecord(cells)) && !this.trouble) await once(this.stream, 'drain');
  }

  /** Ends the file. @returns its path, or null when nothing was rejected. @throws what kept it from being written */
  close(): Promise<string | null> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<string | null> {
    if (!this.stream) return null;
    if (!this.trouble) {
      this.stream.end();
      await finished(this.stream).catch(() => {});
    }
    if (this.trouble) throw this.trouble;
    return this.path;
  }
}
