/** What is asked of a password. Length is what counts; what anybody would try first is refused. Pure. */
const PASSWORD_MIN = 12;
const PASSWORD_MAX = 128;

export type PasswordProblem = 'too_short' | 'too_long' | 'personal' | 'common';

/** Beginnings that every list of guesses has; they are looked for without what is usually hung on them. */
const COMMON = [
  'password',
  'passw0rd',
  'pass',
  'qwerty',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'letmein',
  'welcome',
  'admin',
  'administrator',
  'iloveyou',
  'monkey',
  'dragon',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'secret',
  'changeme',
  'default',
  'test',
  'login',
  'master',
  'sakura',
  'nihon',
  'japan',
  'kumamoto',
  'uketori',
  'himitsu',
];

/** The same text, however it was typed: full width, capitals. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The form in which a password is hashed and compared: an input method may give the same letters in full width. */
export function passwordForm(password: string): string {
  return password.normalize('NFKC');
}

/** What is wrong with a new password; null when it may be taken. */
export function judgePassword(password: string, own: { login: string; name: string }): PasswordProblem | null {
  const form = passwordForm(password);
  const signs = [...form].length;
  if (signs < PASSWORD_MIN) return 'too_short';
  if (signs > PASSWORD_MAX) return 'too_long';
  const text = plain(form);
  if (isCommon(text)) return 'common';
  const parts = [own.login, ...own.login.split(/[._-]/), ...own.name.split(/[\s　]/)].map(plain).filter(isTelling);
  // What is left without the own name must still be long enough.
  const rest = parts.reduce((left, part) => left.replaceAll(part, ''), text);
  return [...rest].length < PASSWORD_MIN && rest !== text ? 'personal' : null;
}

/** Two kanji are a name; two letters are nothing. */
function isTelling(part: string): boolean {
  return [...part].length >= (/^[\p{ASCII}]*$/u.test(part) ? 3 : 2);
}

function isCommon(text: string): boolean {
  if (new Set(text).size < 5 || isRun(text)) return true;
  const bare = text.replace(/[^\p{L}]+/gu, '');
  const unfolded = text.replaceAll('0', 'o').replaceAll('1', 'i').replaceAll('3', 'e').replaceAll('@', 'a').replaceAll('$', 's');
  const letters = unfolded.replace(/[^\p{L}]+/gu, '');
  // One common word, or several on end, with digits and signs around.
  return [bare, letters].some((word) => word === '' || COMMON.reduce((left, common) => left.replaceAll(common, ''), word).length < 4);
}

/** 123456789012, abcdefghijkl, or one piece over and over. */
function isRun(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  if (steps.filter((step) => step === 1 || step === -1 || step === 0).length >= steps.length - 2) return true;
  return /^(.{1,4})\1+.{0,3}$/u.test(text);
}
