import type { ActPlan } from '../../domain/acts';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { ApprovalState, actName } from './approval-state';
import type { ApprovalListRow } from './approvals-page';
import { CampaignChanges } from './campaign-changes';
import { DecideForm, type Deciding } from './decide-form';
import { failureText } from './failure-text';
import { PlanTable, PlanWords } from './plan-table';
import { type ProposalClaim, ProposalClaims } from './proposal-claims';
import { TableScroll } from './table-scroll';

export interface ApprovalFacts extends ApprovalListRow {
  readonly grantId: string | null;
  readonly plan: ActPlan;
  readonly reason: string;
  readonly note: string;
  readonly outcome: string | null;
  readonly freeRule: string | null;
  readonly decidedByName: string | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  readonly itemsDone: number;
  readonly itemsSkipped: number;
  readonly undecidable: 'role' | 'own' | 'ended' | 'overdue' | null;
  readonly withdrawable: boolean;
  readonly sample: readonly {
    grantId: string;
    number: string;
    yen: bigint;
    state: 'waiting' | 'done' | 'skipped';
    outcome: string | null;
  }[];
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly approval: ApprovalFacts;
  readonly labels: ReadonlyMap<string, string>;
  /** The reason in words. */
  readonly reasonText: string;
  readonly maskedName: string | null;
  /** Of a proposal to approve claims. */
  readonly claims: readonly ProposalClaim[];
  readonly mayPause: boolean;
  readonly seesPeople: boolean;
  /** Null when this person cannot decide it. */
  readonly deciding: Deciding | null;
  /** What has just happened. */
  readonly now: ConsoleTextKey | null;
}

/** One proposal: exactly what will happen, and the decision. */
export function ApprovalPage(props: Props) {
  const { t, approval, now } = props;
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href="/admin/approvals">{t('approvals.title')}</a>
        </p>
        <div className="title-line">
          <h1>{actName(t, approval.act)}</h1>
          <ApprovalState t={t} approval={approval} />
          <strong>{t.yen(approval.yen)}</strong>
        </div>
      </header>
      {now && (
        <p className={now === 'approval.now.void' || now === 'approval.now.expired' ? 'message time' : 'message'} role="status">
          {t(now)}
        </p>
      )}
      <div className="columns">
        <div className="stack">
          <WhatHappens {...props} />
          {approval.items > 0 && <Progress {...props} />}
          {props.claims.length > 0 && <ProposalClaims t={t} claims={props.claims} />}
        </div>
        <div className="stack">
          <Decision {...props} />
          <ProposalFacts {...props} />
        </div>
      </div>
    </>
  );
}

function WhatHappens({ t, approval, labels, maskedName, seesPeople }: Props) {
  return (
    <section className="card">
      <h2>{t('approval.will')}</h2>
      {approval.grantId && (
        <p>
          {seesPeople ? <a href={`/admin/people/${approval.grantId}`}>{approval.number}</a> : approval.number}　{maskedName}
        </p>
      )}
      {approval.act === 'change_campaign' && approval.plan.input.base ? (
        <CampaignChanges t={t} before={approval.plan.before} after={approval.plan.after} />
      ) : (
        <PlanTable t={t} plan={approval.plan} labels={labels} />
      )}
      {approval.plan.input.void === 'cancelled' && <p className="hint">{t('approval.voidAfter')}</p>}
      <PlanWords t={t} plan={approval.plan} />
      {approval.state === 'failed' && approval.outcome && <p className="field-error">{failureText(t, approval.outcome)}</p>}
    </section>
  );
}

function ProposalFacts({ t, approval, reasonText }: Props) {
  return (
    <section className="card">
      <h2>{t('approval.facts')}</h2>
      <dl className="facts">
        <dt>{t('approval.reason')}</dt>
        <dd>{reasonText}</dd>
        <dt>{t('approval.note')}</dt>
        <dd>{approval.note || t('approval.noNote')}</dd>
        <dt>{t('approval.proposed')}</dt>
        <dd>
          {approval.proposedByName}、{t.moment(approval.proposedAt)}
        </dd>
        {approval.state === 'proposed' && (
          <>
            <dt>{t('approvals.ends')}</dt>
            <dd>{t.moment(approval.expiresAt)}</dd>
          </>
        )}
        {approval.decidedByName && approval.decidedAt && (
          <>
            <dt>{t('approval.decided')}</dt>
            <dd>
              {approval.decidedByName}、{t.moment(approval.decidedAt)}
            </dd>
          </>
        )}
        {approval.decisionNote && (
          <>
            <dt>{t('approval.decisionNote')}</dt>
            <dd>{approval.decisionNote}</dd>
          </>
        )}
      </dl>
      {approval.freeRule && <p className="hint">{t('approval.free')}</p>}
    </section>
  );
}

function Decision({ t, token, approval, deciding }: Props) {
  if (approval.state !== 'proposed') return null;
  return (
    <section className="card">
      <h2>{t('approval.decide')}</h2>
      {approval.undecidable && <p>{t(`approval.no.${approval.undecidable}`)}</p>}
      {deciding && <DecideForm t={t} token={token} approval={approval} deciding={deciding} />}
      {approval.withdrawable && (
        <form method="post" action={`/admin/approvals/${approval.id}`}>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="withdraw" />
          <button type="submit" className="button quiet">
            {t('approval.withdraw')}
          </button>
        </form>
      )}
    </section>
  );
}

function Progress({ t, token, approval, mayPause }: Props) {
  const waiting = approval.items - approval.itemsDone - approval.itemsSkipped;
  const running = approval.state === 'approved';
  return (
    <section className="card">
      {approval.state !== 'proposed' && (
        <>
          <h2>{t('approval.progress')}</h2>
          <progress className="progress" max={approval.items} value={approval.items - waiting} aria-label={t('approval.progress')} />
          <p>{t('approval.progressText', { done: approval.itemsDone, skipped: approval.itemsSkipped, waiting })}</p>
          {approval.outcome === 'stopped' && <p>{t('approval.stopped')}</p>}
        </>
      )}
      {running && mayPause && (
        <form method="post" action={`/admin/approvals/${approval.id}`}>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value={approval.pausedAt ? 'resume' : 'pause'} />
          <button type="submit" className="button quiet">
            {t(approval.pausedAt ? 'approval.resume' : 'approval.pause')}
          </button>
        </form>
      )}
      {running && mayPause && (
        <details className="rare">
          <summary>{t('approval.stopTitle')}</summary>
          <form method="post" action={`/admin/approvals/${approval.id}`} className="form">
            <input type="hidden" name="token" value={token} />
            <input type="hidden" name="act" value="stop" />
            <p>{t('approval.stopWhat', { waiting })}</p>
            <div className="buttons">
              <button type="submit" className="button danger">
                {t('approval.stop')}
              </button>
            </div>
          </form>
        </details>
      )}
      <h2>{t('approval.items', { count: approval.sample.length })}</h2>
      <TableScroll label={t('approval.items', { count: approval.sample.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('approvals.who')}</th>
              <th scope="col" className="number">
                {t('approvals.yen')}
              </th>
              <th scope="col">{t('approvals.state')}</th>
            </tr>
          </thead>
          <tbody>
            {approval.sample.map((item) => (
              <tr key={`${item.grantId} ${item.yen}`}>
                <td>{item.number}</td>
                <td className="number">{t.yen(item.yen)}</td>
                <td>
                  {t(`approval.item.${item.state}`)}
                  {item.outcome && <span className="hint"> {t(`act.no.${item.outcome}` as ConsoleTextKey)}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
