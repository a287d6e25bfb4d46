import { type Language, makeCatalogue, type Texts } from '../make-texts';
import { acts } from './acts';
import { approvals } from './approvals';
import { audit } from './audit';
import { campaigns } from './campaigns';
import { cases } from './cases';
import { claims } from './claims';
import { clock } from './clock';
import { coupons } from './coupons';
import { exports } from './exports';
import { find } from './find';
import { frame } from './frame';
import { messages } from './messages';
import { money } from './money';
import { needs } from './needs';
import { person } from './person';
import { providers } from './providers';
import { rehearsal } from './rehearsal';
import { report } from './report';
import type { Pair } from './section';
import { staff } from './staff';
import { texts } from './texts-of-messages';
import { waves } from './waves';

const CATALOGUE = {
  ...acts,
  ...approvals,
  ...audit,
  ...campaigns,
  ...rehearsal,
  ...claims,
  ...cases,
  ...clock,
  ...coupons,
  ...exports,
  ...find,
  ...frame,
  ...messages,
  ...money,
  ...needs,
  ...person,
  ...providers,
  ...report,
  ...staff,
  ...texts,
  ...waves,
};

type Key = keyof typeof CATALOGUE & string;
/** A text of the console by name; counted texts without their plural ending. */
export type ConsoleTextKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : K) : never;
/** All that a page of the console needs to speak one language. */
export type ConsoleTexts = Texts<ConsoleTextKey>;

function resource(language: Language): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, pair] of Object.entries(CATALOGUE) as [string, Pair][]) {
    texts[key] = language === 'ja' ? pair[0] : pair[1];
    const one = pair[2];
    if (language === 'en' && key.endsWith('_other')) texts[key.replace(/_other$/, '_one')] = one ?? pair[1];
  }
  return texts;
}

const TEXTS = makeCatalogue<ConsoleTextKey>({ ja: resource('ja'), en: resource('en') });

/** The console's texts in a language. */
export function consoleTextsIn(language: Language): ConsoleTexts {
  return TEXTS[language];
}
