import type { ReactNode } from 'react';

export interface CaseAria {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

interface Props {
  readonly id: string;
  readonly label: string;
  /** What the agent asks aloud. */
  readonly ask?: string;
  readonly hint?: string;
  readonly error?: string;
  /** The first that is wrong takes the focus. */
  readonly focus?: boolean;
  readonly wide?: boolean;
  readonly children: (aria: CaseAria) => ReactNode;
}

/** One question of a case: what to ask, its label, how to answer, what was wrong. */
export function CaseField({ id, label, ask, hint, error, focus, wide, children }: Props) {
  const described = [error && `${id}-error`, ask && `${id}-ask`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={wide ? 'field wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {ask && (
        <p className="ask" id={`${id}-ask`} lang="ja">
          「{ask}」
        </p>
      )}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`} {...(focus && { 'data-focus': '', tabIndex: -1 })}>
          {error}
        </p>
      )}
      {children({ id, ...(described && { 'aria-describedby': described }), ...(error && { 'aria-invalid': true as const }) })}
    </div>
  );
}
