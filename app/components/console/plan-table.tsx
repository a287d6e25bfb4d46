import type { ActPlan } from '../../domain/acts';
import { lastMoment } from '../../domain/deadline';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { ChangesTable } from './changes-table';

/** The facts of a plan that people read, in their order; the others (ids, counters) are for the machine. */
const SHOWN = [
  'export',
  'state',
  'provider',
  'codes',
  'count',
  'rows',
  'last4',
  'void',
  'residual',
  'lapsed',
  'coupon',
  'coupons',
  'spent',
  'remaining',
  'granted',
  'validity',
  'outcome',
  'deadline',
  'channel',
  'phone',
  'mail',
  'link',
] as const;
type Fact = (typeof SHOWN)[number];

const YEN: readonly Fact[] = ['residual', 'lapsed', 'spent', 'remaining', 'granted'];

/** What an act changes: before and after, side by side. */
export function PlanTable({ t, plan, labels }: { t: ConsoleTexts; plan: ActPlan; labels: ReadonlyMap<string, string> }) {
  const facts = SHOWN.filter((fact) => (plan.before[fact] ?? null) !== null || (plan.after[fact] ?? null) !== null);
  const rows = facts.map(
    (fact) => [t(`fact.${fact}`), inWords(t, fact, plan.before[fact], labels), inWords(t, fact, plan.after[fact], labels)] as const,
  );
  return <ChangesTable t={t} rows={rows} />;
}

function inWords(t: ConsoleTexts, fact: Fact, value: string | number | null | undefined, labels: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return '―';
  if (YEN.includes(fact)) return t.yen(Number(value));
  if (fact === 'deadline' || fact === 'validity') return t.moment(lastMoment(new Date(String(value))));
  if (fact === 'provider') return labels.get(String(value)) ?? String(value);
  if (fact === 'state') return t(`state.${value}` as ConsoleTextKey);
  if (fact === 'channel') return t(`channel.${value}` as ConsoleTextKey);
  if (fact === 'export') return t(`exports.kind.${value}` as ConsoleTextKey);
  if (fact === 'outcome') return t(`case.outcome.${value}` as ConsoleTextKey);
  if (fact === 'void') return t(`fact.void.${value}` as ConsoleTextKey);
  return String(value);
}

/** What was said and written for it: evidence, consent, which facts the caller was asked. */
export function PlanWords({ t, plan }: { t: ConsoleTexts; plan: ActPlan }) {
  const words = (['payments', 'evidence', 'consent', 'identity'] as const).filter((fact) => plan.input[fact]);
  if (words.length === 0) return null;
  return (
    <dl className="facts">
      {words.map((fact) => (
        <div key={fact}>
          <dt>{t(`fact.${fact}`)}</dt>
          <dd>{plan.input[fact]}</dd>
        </div>
      ))}
    </dl>
  );
}
