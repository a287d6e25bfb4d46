/** A record of a delivered file, as the provider's reader understood it. */
export type DeliveredRow =
  | {
      readonly ok: true;
      readonly row: number;
      /** Bearer money: never log it. */
      readonly code: string;
      readonly yen: number;
      readonly pin?: string;
      readonly managementNo?: string;
      readonly url?: string;
      readonly expiresOn: string;
      readonly startsOn?: string;
    }
  | { readonly ok: false; readonly row: number; readonly problem: string; readonly firstRow?: number };

/** How a provider's files are read; assembled from the registry. */
export interface StockReader {
  /** The files hold no face value; it must be given. */
  readonly needsFaceValue: boolean;
  read(text: AsyncIterable<string>, options: { readonly yen?: number }): AsyncIterable<DeliveredRow>;
}
