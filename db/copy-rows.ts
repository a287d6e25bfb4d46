const SIGNATURE = Buffer.from('PGCOPY\n\u00ff\r\n\0', 'latin1');
/** Signature, flags and length of the header's extension. */
const HEADER_BYTES = SIGNATURE.length + 8;
/** PostgreSQL counts time from 2000-01-01 UTC. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const FIRST_BYTES = 1 << 18;

/**
 * Rows in the binary format of COPY (PostgreSQL manual, "COPY", Binary Format), written into one buffer that is
 * used again for the next batch: a million rows leave no garbage behind.
 */
export class CopyRows {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  constructor() {
    this.clear();
  }

  /** Begins a row; its fields follow in the order of the columns. */
  row(fields: number): this {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(fields, this.at);
    return this;
  }

  null(): this {
    this.reserve(4);
    this.at = this.bytes.writeInt32BE(-1, this.at);
    return this;
  }

  text(value: string | null): this {
    if (value === null) return this.null();
    this.reserve(4 + value.length * 3);
    const length = this.bytes.write(value, this.at + 4, 'utf8');
    this.bytes.writeInt32BE(length, this.at);
    this.at += 4 + length;
    return this;
  }

  uuid(value: string | null): this {
    if (value === null) return this.null();
    this.reserve(20);
    this.bytes.writeInt32BE(16, this.at);
    this.bytes.write(value.replaceAll('-', ''), this.at + 4, 'hex');
    this.at += 20;
    return this;
  }

  blob(value: Buffer | null): this {
    if (value === null) return this.null();
    this.reserve(4 + value.length);
    this.at = this.bytes.writeInt32BE(value.length, this.at);
    this.at += value.copy(this.bytes, this.at);
    return this;
  }

  bool(value: boolean): this {
    this.reserve(5);
    this.at = this.bytes.writeInt32BE(1, this.at);
    this.at = this.bytes.writeUInt8(value ? 1 : 0, this.at);
    return this;
  }

  /** A column of type integer. */
  int4(value: number): this {
    this.reserve(8);
    this.at = this.bytes.writeInt32BE(4, this.at);
    this.at = this.bytes.writeInt32BE(value, this.at);
    return this;
  }

  /** A column of type bigint. */
  int8(value: bigint): this {
    this.reserve(12);
    this.at = this.bytes.writeInt32BE(8, this.at);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
    return this;
  }

  /** A column of type timestamptz. */
  instant(value: Date): this {
    return this.int8(BigInt(value.getTime() - EPOCH_MS) * 1_000n);
  }

  /** A column of type date: YYYY-MM-DD. */
  day(value: string | null): this {
    return value === null ? this.null() : this.int4((Date.parse(`${value}T00:00:00Z`) - EPOCH_MS) / DAY_MS);
  }

  /** The whole copy. The bytes are this object's own until `clear`. */
  finish(): Buffer {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(-1, this.at);
    return this.bytes.subarray(0, this.at);
  }

  /** Begins a new copy in the same memory; what `finish` gave out must have been sent. */
  clear(): void {
    SIGNATURE.copy(this.bytes);
    this.bytes.fill(0, SIGNATURE.length, HEADER_BYTES);
    this.at = HEADER_BYTES;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + bytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
