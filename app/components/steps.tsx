import type { Texts } from '../i18n/texts';

const STEPS = ['steps.choose', 'steps.confirm', 'steps.receive'] as const;

/** Where one is on the way: choose, confirm, receive. */
export function Steps({ t, current }: { t: Texts; current: 1 | 2 | 3 }) {
  return (
    <ol className="steps" aria-label={t('steps.label')}>
      {STEPS.map((step, i) => (
        <li key={step} className={i < current ? 'on' : undefined} aria-current={i + 1 === current ? 'step' : undefined}>
          {i + 1} {t(step)}
        </li>
      ))}
    </ol>
  );
}
