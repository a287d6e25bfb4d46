import { NOTE_LONGEST } from '../../domain/acts';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { actName } from './approval-state';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

/** What the form of a decision needs, and what came of the last try. */
export interface Deciding {
  readonly decision: 'approve' | 'refuse';
  readonly offer: StepUpFieldsProps['offer'];
  readonly error?: StepUpFieldsProps['error'];
  readonly minutes?: number;
  readonly noteTooLong?: boolean;
  readonly typed?: string;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly approval: { readonly id: string; readonly act: string; readonly yen: Yen };
  readonly deciding: Deciding;
}

/** Approve or refuse, each in a form of its own: a proof for the one is none for the other. */
export function DecideForm({ t, token, approval, deciding }: Props) {
  const { decision, noteTooLong, typed } = deciding;
  const path = `/admin/approvals/${approval.id}`;
  const act = actName(t, approval.act);
  const approves = decision === 'approve';
  return (
    <form method="post" action={approves ? path : `${path}?refuse=1`} className="form">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value={decision} />
      <p className="field">
        <label htmlFor="note">{t('approval.decideNote')}</label>
        <textarea
          id="note"
          name="note"
          defaultValue={typed ?? ''}
          maxLength={NOTE_LONGEST}
          aria-describedby={noteTooLong ? 'note-error' : undefined}
          aria-invalid={noteTooLong || undefined}
        />
      </p>
      {noteTooLong && (
        <p className="field-error" id="note-error" data-focus="" tabIndex={-1}>
          {t('approval.noteTooLong')}
        </p>
      )}
      <StepUpFields
        t={t}
        offer={deciding.offer}
        act={t(approves ? 'approval.approveWhat' : 'approval.refuseWhat', { act })}
        error={deciding.error}
        minutes={deciding.minutes}
      />
      <div className="buttons">
        <button type="submit" className={approves ? 'button' : 'button danger'}>
          {!approves && t('approval.refuse', { act })}
          {approves && (approval.yen > 0n ? t('approval.approve', { act, yen: t.yen(approval.yen) }) : t('approval.approvePlain', { act }))}
        </button>
        <a href={approves ? `${path}?refuse=1` : path}>{t(approves ? 'approval.toRefuse' : 'approval.toApprove')}</a>
      </div>
    </form>
  );
}
