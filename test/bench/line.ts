import type { MigratedDatabase } from '../support/server';
import type { BuiltPages } from './pages';
import type { Programme } from './programme';

/** One figure of the bench. Nothing is asserted: a goal is met or missed, and that is printed. */
export interface Line {
  readonly name: string;
  /** What is compared with what. */
  readonly compares: string;
  readonly figure: number;
  readonly unit: string;
  /** None: told for what it is. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** The absolute figures behind it; they mean something on this machine only. */
  readonly details: Readonly<Record<string, number | string>>;
}

/** How much is measured. */
export interface Sizes {
  readonly rounds: number;
  readonly roundMs: number;
  /** How long a web process answers before it is measured: until then the machine code is still being made. */
  readonly warmMs: number;
  /** People who read pages. */
  readonly visitors: number;
  /** Redemptions of one round. */
  readonly redemptions: number;
  /** Codes of one round. */
  readonly codes: number;
  /** Grants of the ordinary and of the large programme. */
  readonly grants: number;
  readonly manyGrants: number;
  readonly importRows: number;
  /** Coupons of the register, each with one payment. */
  readonly coupons: number;
  /** Messages of one wave. */
  readonly messages: number;
}

export interface FilledDatabase {
  readonly database: MigratedDatabase;
  readonly programme: Programme;
}

/** What the lines share. Everything is made when it is first asked for and ends with the bench. */
export interface Bench {
  readonly sizes: Sizes;
  readonly pages: BuiltPages;
  /** A database with a programme of so many grants. */
  programme(grants: number): Promise<FilledDatabase>;
  /** An empty migrated database. */
  database(name: string): Promise<MigratedDatabase>;
  /** Says on a terminal what is being done. */
  say(step: string): void;
}
