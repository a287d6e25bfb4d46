import type { PersonState } from '../../domain/person-state';
import type { ConsoleTexts } from '../../i18n/console/texts';

const TONES: Readonly<Partial<Record<PersonState, string>>> = {
  failed: 'fail',
  in_doubt: 'time',
  issuing: 'time',
  frozen: 'time',
  done: 'done',
};

/** How things stand with somebody, in a word. */
export function StateChip({ t, state }: { t: ConsoleTexts; state: PersonState }) {
  const tone = TONES[state];
  return <span className={tone ? `chip ${tone}` : 'chip'}>{t(`person.state.${state}`)}</span>;
}
