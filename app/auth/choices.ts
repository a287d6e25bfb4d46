import type { Choice } from '../domain/offer';
import { readExactYen } from '../domain/yen';
import type { Form } from './form';

/** Choices travel as `c=provider.yen`, in the confirmation's address and in its form. */
export function choiceQuery(choices: readonly Choice[]): string {
  return choices.map(({ provider, yen }) => `c=${provider}.${yen}`).join('&');
}

/** Reads them back, strictly: a machine wrote them. Null when anything is not as we wrote it. */
export function readChoices(fields: Form): Choice[] | null {
  const choices: Choice[] = [];
  for (const text of fields.all('c') ?? ['']) {
    const match = /^([a-z][a-z0-9-]{0,29})\.([0-9]{1,13})$/.exec(text);
    const yen = readExactYen(match?.[2] ?? '');
    if (!match?.[1] || yen === null) return null;
    choices.push({ provider: match[1], yen });
  }
  return choices;
}
