import type { ActRefusalReason, PersonAct } from '../../domain/acts';
import type { Bilingual } from '../../domain/campaign';
import type { Contact, MaskedContact } from '../../domain/contact';
import { lastMoment } from '../../domain/deadline';
import type { PersonState } from '../../domain/person-state';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { PersonRelated, type RelatedFacts } from './person-related';
import { Quote, type Sentence } from './quote';
import { StateChip } from './state-chip';
import { Timeline, type TimelineRow } from './timeline';
import { UnmaskForm } from './unmask-form';

/** What the form for the whole contact needs, and what came of it. */
export interface Unmasking {
  readonly reasons: readonly ('identity' | 'call_back' | 'undelivered' | 'office' | 'other')[];
  /** How often this member of staff did it today. */
  readonly today: number;
  /** No reason was chosen. */
  readonly error?: boolean;
  /** The whole contact, on the answer to the form only; null when it cannot be read. */
  readonly contact?: Contact | null;
  readonly chosen?: string;
}

interface PersonFacts {
  readonly recipient: {
    readonly campaign: { readonly name: Bilingual };
    readonly grant: {
      readonly id: string;
      readonly number: string;
      readonly grantedYen: Yen;
      readonly residualYen: Yen;
      readonly pendingYen: Yen;
      readonly issuedYen: Yen;
      readonly lapsedYen: Yen;
      readonly deadlineAt: Date;
      readonly daysLeft: number;
      readonly open: boolean;
    };
  };
  readonly channel: 'mail' | 'sms';
  readonly contact: MaskedContact | null;
  readonly state: PersonState;
  readonly acts: readonly { readonly act: PersonAct; readonly no: ActRefusalReason | 'role' | null }[];
  readonly timeline: readonly TimelineRow[];
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly person: PersonFacts;
  readonly sentences: readonly Sentence[];
  readonly unmasking: Unmasking;
  readonly related: RelatedFacts;
  /** What came of an act that was just done. */
  readonly said?: string | null;
}

/** Everything about one person on one page: the yen and the story on the left, what they see and what can be done on the right. */
export function PersonView({ t, token, person, sentences, unmasking, related, said }: Props) {
  const { grant } = person.recipient;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(person.recipient.campaign.name)} ／ <a href="/admin/find">{t('person.crumb')}</a>
        </p>
        <Title t={t} person={person} />
      </header>
      {said && (
        <p className="message" role="status" tabIndex={-1} data-focus="">
          {said}
        </p>
      )}
      <div className="columns">
        <div className="stack">
          <section className="card" aria-label={t('person.figures')}>
            <dl className="figures">
              <Figure name={t('person.granted')} yen={t.yen(grant.grantedYen)} />
              <Figure name={t('person.residual')} yen={t.yen(grant.residualYen)} />
              <Figure name={t('person.pending')} yen={t.yen(grant.pendingYen)} />
              <Figure name={t('person.issued')} yen={t.yen(grant.issuedYen)} />
              {grant.lapsedYen > 0n && <Figure name={t('person.lapsed')} yen={t.yen(grant.lapsedYen)} />}
            </dl>
          </section>
          <Timeline t={t} rows={person.timeline} />
        </div>
        <div className="stack">
          <SeenNow t={t} sentences={sentences} />
          <Acts t={t} grantId={grant.id} acts={person.acts} />
          <p>
            <a href={`/admin/people/${grant.id}/messages`}>{t('person.messages')}</a>
          </p>
          <PersonRelated t={t} related={related} />
          <UnmaskForm t={t} token={token} action={`/admin/people/${grant.id}?index`} unmasking={unmasking} />
        </div>
      </div>
    </>
  );
}

function Title({ t, person: { recipient, channel, contact, state } }: { t: ConsoleTexts; person: PersonFacts }) {
  const { grant } = recipient;
  const address = channel === 'sms' ? contact?.phone : contact?.mail;
  const until = t.moment(lastMoment(grant.deadlineAt));
  return (
    <div className="title-line">
      <h1>
        {grant.number}　{contact?.name ?? t('person.noName')}
      </h1>
      <StateChip t={t} state={state} />
      <span className="chip">
        {t(`channel.${channel}`)} {address ?? t('person.noAddress')}
      </span>
      <span className={grant.open ? 'chip time' : 'chip'} title={t('person.until', { until })}>
        {!grant.open ? t('person.over') : grant.daysLeft > 0 ? t('person.daysLeft', { count: grant.daysLeft }) : t('person.lastDay')}
      </span>
      <span className="hint">{t('person.until', { until })}</span>
    </div>
  );
}

function Figure({ name, yen }: { name: string; yen: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{yen}</dd>
    </div>
  );
}

/** The very words of the recipient's page. */
function SeenNow({ t, sentences }: { t: ConsoleTexts; sentences: readonly Sentence[] }) {
  const [own, other] = sentences;
  return (
    <section className="card">
      <h2>{t('person.seen')}</h2>
      {own && <Quote sentence={own} />}
      {other && (
        <details>
          <summary>{t(`person.in.${other.language}`)}</summary>
          <Quote sentence={other} />
        </details>
      )}
    </section>
  );
}

function Acts({ t, grantId, acts }: { t: ConsoleTexts; grantId: string; acts: PersonFacts['acts'] }) {
  return (
    <section className="card">
      <h2>{t('person.acts')}</h2>
      <ul className="acts">
        {acts.map(({ act, no }, i) => (
          <li key={act}>
            {no === null ? (
              <a className={i === 0 ? 'first' : undefined} href={`/admin/people/${grantId}/${act}`} data-row="">
                <strong>{t(`person.act.${act}`)}</strong>
                <span>{t(`person.does.${act}`)}</span>
              </a>
            ) : (
              <div className="off">
                <strong>{t(`person.act.${act}`)}</strong>
                <span>{no === 'role' ? t(`person.role.${act}`) : t(`person.no.${shown(no)}`)}</span>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The reasons that a page can foresee; others only come up in a form. */
const FORESEEN = ['not_failed', 'not_in_doubt', 'still_asking', 'closed_returns', 'frozen', 'not_frozen', 'nothing_left'] as const;

function shown(no: ActRefusalReason): (typeof FORESEEN)[number] | 'other' {
  return FORESEEN.find((reason) => reason === no) ?? 'other';
}
