import type { RehearsalFact } from '../../domain/rehearsal';
import { rehearsal } from './rehearsal';
import type { ConsoleTexts } from './texts';

const GROUPS = ['app', 'claim'] as const;

/** A figure or an answer of a scene in words. An answer that is on no list is said as it is. */
export function sayRehearsalFact(t: ConsoleTexts, fact: RehearsalFact, value: number | string): string {
  return t(`rehearsal.fact.${fact}`, { value: sayValue(t, fact, value) });
}

function sayValue(t: ConsoleTexts, fact: RehearsalFact, value: number | string): string {
  if (typeof value === 'number') return fact.endsWith('Yen') ? t.yen(value) : value.toLocaleString('en');
  if (fact === 'group') {
    const group = GROUPS.find((each) => each === value);
    return group ? t(`waves.group.${group}`) : value;
  }
  const key = `rehearsal.answer.${value}`;
  return isAnswer(key) ? t(key) : value;
}

type AnswerKey = Extract<keyof typeof rehearsal, `rehearsal.answer.${string}`>;

function isAnswer(key: string): key is AnswerKey {
  return Object.hasOwn(rehearsal, key);
}
