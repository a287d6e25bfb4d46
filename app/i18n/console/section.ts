/** A text in both languages, Japanese first; with a third where English has a singular of what is counted. */
export type Pair = readonly [ja: string, en: string] | readonly [ja: string, en: string, enOne: string];

/** One part of the console's catalogue, both languages side by side, so that neither can be forgotten. */
export type Section = Readonly<Record<string, Pair>>;
