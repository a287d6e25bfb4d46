/** What the parser says of a command line that is wrong, as commander writes it, and the same in Japanese. */
const JAPANESE: readonly (readonly [RegExp, string])[] = [
  [/^error: required option '(.+)' not specified/, '必要な指定がありません: $1'],
  [/^error: unknown option '(.+)'/, '使えない指定です: $1'],
  [/^error: unknown command '(.+)'/, 'そのような命令はありません: $1'],
  [/^error: missing required argument '(.+)'/, '足りないものがあります: $1'],
  [/^error: option '(.+)' argument missing/, '値が足りません: $1'],
  [/^error: option '(.+)' argument '(.*)' is invalid\. ?/, '$1: '],
  [/^error: command-argument value '(.*)' is invalid for argument '(.+)'\. ?/, '$2: '],
  [/^error: too many arguments.*/, '余分なものがあります'],
  [/\(Did you mean (.+)\?\)/, '（$1 ではありませんか）'],
  [/\(Did you mean one of (.+)\?\)/, '（$1 のどれかではありませんか）'],
];

/** A usage error in the language of the command. */
export function usageError(language: 'ja' | 'en', text: string): string {
  if (language === 'en') return text;
  return JAPANESE.reduce((words, [english, japanese]) => words.replace(english, japanese), text);
}
