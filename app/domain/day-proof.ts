/** The proof of one day: what stood in the books when it was made, after the day's end. All yen as texts of digits. */
export interface DayRecord {
  readonly version: 1;
  readonly campaign: string;
  /** The Japanese day that had ended, YYYY-MM-DD. */
  readonly day: string;
  /** When it was taken; later than the day's end where a day was made up for. */
  readonly at: string;
  readonly totals: Readonly<Record<'granted' | 'residual' | 'pending' | 'issued' | 'lapsed' | 'unexplained', string>>;
  readonly grants: number;
  readonly providers: readonly { readonly provider: string; readonly pending: string; readonly issued: string }[];
  readonly redemptions: readonly { readonly state: string; readonly count: number; readonly yen: string }[];
  readonly stock: readonly { readonly provider: string; readonly yen: string; readonly left: number; readonly given: number }[];
  /** How many things did not agree; 0 is exact. */
  readonly differences: number;
  /** Where the audit chain stood: SEQ:HASH. */
  readonly audit: string;
  /** The hash of the record before; null for the first. */
  readonly previous: string | null;
}

/** The one text of a record: keys in order, no blanks. It is hashed, kept and exported as it is. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const own = value as Record<string, unknown>;
    return `{${Object.keys(own)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalText(own[key])}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

/** What is signed of a record. */
export function dayProofText({ campaign, day, hash }: { campaign: string; day: string; hash: Uint8Array }): string {
  return `uketori proof ${campaign} ${day} ${Buffer.from(hash).toString('hex')}`;
}

/** One line of an export. `record` is the very text that was hashed. */
export interface DayProofLine {
  readonly record: string;
  readonly hash: string;
  readonly keyId: string | null;
  readonly signature: string | null;
}

/** The day after, YYYY-MM-DD. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The day before, YYYY-MM-DD. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
