import type { ReactNode } from 'react';
import type { ActRefusalReason } from '../../domain/acts';
import type { ConsoleTexts } from '../../i18n/console/texts';

interface Aria {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly error: { readonly reason: ActRefusalReason; readonly field?: string } | null;
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  /** What else describes it. */
  readonly describedBy?: string;
  readonly wide?: boolean;
  readonly children: (aria: Aria) => ReactNode;
}

/** One field of an act's form with its label, what helps to fill it in, and what was wrong with it. */
export function ActField({ t, error, name, label, hint, describedBy, wide, children }: Props) {
  const id = `act-${name}`;
  const wrong = error?.field === name ? error.reason : null;
  const described = [wrong && `${id}-error`, hint && `${id}-hint`, describedBy].filter(Boolean).join(' ');
  return (
    <div className={wide ? 'field wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p className="field-error" id={`${id}-error`} data-focus="" tabIndex={-1}>
          {t(`act.no.${wrong}`)}
        </p>
      )}
      {children({ id, ...(described && { 'aria-describedby': described }), ...(wrong && { 'aria-invalid': true as const }) })}
    </div>
  );
}
