import type { ClaimTexts } from '../../i18n/claim';

const STEPS = ['steps.form', 'steps.confirm', 'steps.done'] as const;

/** Where one is on the way of a claim. */
export function ClaimSteps({ c, current }: { c: ClaimTexts; current: 1 | 2 | 3 }) {
  return (
    <ol className="steps" aria-label={c('steps.label')}>
      {STEPS.map((step, i) => (
        <li key={step} className={i < current ? 'on' : undefined} aria-current={i + 1 === current ? 'step' : undefined}>
          {i + 1} {c(step)}
        </li>
      ))}
    </ol>
  );
}
