import type { ColumnType } from 'kysely';

/** Read as a value, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>;
/** A column that may be left out. */
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
