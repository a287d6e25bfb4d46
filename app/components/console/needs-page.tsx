import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

export type NeedName =
  | 'failed'
  | 'in_doubt'
  | 'approvals'
  | 'own_proposals'
  | 'claims'
  | 'overdue_cases'
  | 'closed'
  | 'stock'
  | 'buried'
  | 'late'
  | 'bounced'
  | 'uninvited'
  | 'low_stock'
  | 'low_funds';

interface Card {
  readonly name: NeedName;
  readonly count: number;
  readonly more: boolean;
  readonly since: Date | null;
  readonly href: string | null;
}

interface Job {
  readonly trouble: 'buried' | 'late';
  readonly job_id: bigint;
  readonly task: string;
  readonly since: Date;
}

/** What is red when there is any; the rest is amber. */
const URGENT: readonly NeedName[] = ['failed', 'buried'];
const JOBS_SHOWN = 20;

/** Numbers that open their lists; zero is calm. */
export function NeedsPage({ t, cards, jobs }: { t: ConsoleTexts; cards: readonly Card[]; jobs: readonly Job[] }) {
  return (
    <>
      <h1>{t('nav.home')}</h1>
      {cards.some(({ name }) => name === 'bounced') && (
        <p className="hint">
          {t('needs.badge', { failed: t('needs.failed'), in_doubt: t('needs.in_doubt'), bounced: t('needs.bounced') })}
        </p>
      )}
      {cards.every(({ count }) => count === 0) && <p className="message">{t('needs.calm')}</p>}
      <ul className="needs">
        {cards.map((card) => (
          <li key={card.name} className={tone(card)}>
            <Need t={t} card={card} />
          </li>
        ))}
      </ul>
      {jobs.length > 0 && (
        <section className="card" id="jobs">
          <h2>{t('needs.jobs')}</h2>
          <div className="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('needs.job')}</th>
                  <th scope="col">{t('needs.task')}</th>
                  <th scope="col">{t('list.state')}</th>
                  <th scope="col">{t('needs.since')}</th>
                </tr>
              </thead>
              <tbody>
                {jobs.slice(0, JOBS_SHOWN).map((job) => (
                  <tr key={String(job.job_id)}>
                    <td>{String(job.job_id)}</td>
                    <td>{job.task}</td>
                    <td>{t(`needs.${job.trouble}`)}</td>
                    <td className="stamp">{t.stamp(job.since)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}

function tone({ name, count }: Card): string {
  return count === 0 ? 'need calm' : URGENT.includes(name) ? 'need fail' : 'need time';
}

function Need({ t, card: { name, count, more, since, href } }: { t: ConsoleTexts; card: Card }) {
  const words = (
    <>
      <span>{t(`needs.${name}` as ConsoleTextKey)}</span>
      <strong>
        {count.toLocaleString('en')}
        {more && '+'}
      </strong>
      <span className="hint">{count === 0 ? t('needs.none') : since && t('needs.oldest', { moment: t.stamp(since) })}</span>
    </>
  );
  return href ? (
    <a href={href} data-row="">
      {words}
    </a>
  ) : (
    <div>{words}</div>
  );
}
