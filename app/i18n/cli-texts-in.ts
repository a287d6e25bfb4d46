import { cliEn } from './cli-en';
import { cliJa } from './cli-ja';
import type { CliTexts } from './cli-texts';
import type { Language } from './make-texts';

/** What is wrong with files and rows, in the same words on the command line and in the console. */
export function cliTextsFor(language: Language): CliTexts {
  return language === 'en' ? cliEn : cliJa;
}
