import { REHEARSAL_FACTS, type RehearsalFact, type RehearsalFacts } from '../../domain/rehearsal';
import { SENDING_GROUPS } from '../../domain/wave';
import { rehearsal } from './rehearsal';
import type { ConsoleTexts } from './texts';

/** What was counted and answered in a scene, in words. An answer that is on no list is said as it is. */
export function sayRehearsalFacts(t: ConsoleTexts, facts: RehearsalFacts): string {
  return REHEARSAL_FACTS.flatMap((fact) => {
    const value = facts[fact];
    return value === undefined ? [] : [t(`rehearsal.fact.${fact}`, { value: sayValue(t, fact, value) })];
  }).join(t.language === 'ja' ? '、' : ', ');
}

function sayValue(t: ConsoleTexts, fact: RehearsalFact, value: number | string): string {
  if (typeof value === 'number') return fact.endsWith('Yen') ? t.yen(value) : value.toLocaleString('en');
  if (fact === 'group') {
    const group = SENDING_GROUPS.find((each) => each === value);
    return group ? t(`waves.group.${group}`) : value;
  }
  const key = `rehearsal.answer.${value}`;
  return isAnswer(key) ? t(key) : value;
}

type AnswerKey = Extract<keyof typeof rehearsal, `rehearsal.answer.${string}`>;

function isAnswer(key: string): key is AnswerKey {
  return Object.hasOwn(rehearsal, key);
}
