import type { ClaimTexts } from '../i18n/claim';
import type { Texts } from '../i18n/texts';

/** Redeeming speaks with the recipient's texts, claiming with its own. */
type Way = { readonly t: Texts } | { readonly c: ClaimTexts };

/** Where one is on the way: choose, confirm, receive; or fill in, confirm, done. */
export function Steps({ current, ...way }: Way & { readonly current: 1 | 2 | 3 }) {
  const [label, ...steps] =
    't' in way
      ? (['steps.label', 'steps.choose', 'steps.confirm', 'steps.receive'] as const).map((key) => way.t(key))
      : (['steps.label', 'steps.form', 'steps.confirm', 'steps.done'] as const).map((key) => way.c(key));
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, i) => (
        <li key={step} className={i < current ? 'on' : undefined} aria-current={i + 1 === current ? 'step' : undefined}>
          {i + 1} {step}
        </li>
      ))}
    </ol>
  );
}
