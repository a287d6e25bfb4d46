import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { ChartFrame, Drawing } from './chart-frame';
import { Days, EDGE, HEIGHT, Scale, WIDTH } from './chart-parts';

const STEPS = ['sent', 'delivered', 'opened', 'redeemed'] as const;
type Step = (typeof STEPS)[number];

/** One day of one channel. */
export type SendingDay = { readonly day: string; readonly channel: 'mail' | 'sms' } & Readonly<Record<Step, number>>;

/** Lines that differ without colour. */
const LINES: Readonly<Record<Step, { readonly stroke: string; readonly dashes?: string }>> = {
  sent: { stroke: '#0017c1' },
  delivered: { stroke: '#197a4b', dashes: '8 3' },
  opened: { stroke: '#7a4100', dashes: '2 3' },
  redeemed: { stroke: '#8b008b', dashes: '10 3 2 3' },
};

interface Props {
  readonly t: ConsoleTexts;
  readonly days: readonly string[];
  readonly sending: readonly SendingDay[];
  readonly channel: 'mail' | 'sms';
}

/** What went out by one channel and what came of it, day by day. */
export function SendingChart({ t, days, sending, channel }: Props) {
  const own = new Map(sending.filter((row) => row.channel === channel).map((row) => [row.day, row]));
  const of = (day: string, step: Step) => own.get(day)?.[step] ?? 0;
  const sum = (step: Step) => days.reduce((all, day) => all + of(day, step), 0);
  const most = Math.max(1, ...days.flatMap((day) => STEPS.map((step) => of(day, step))));
  const x = scaleLinear([0, Math.max(1, days.length - 1)], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice();
  const name = t(`channel.${channel}`);
  const title = t('charts.sending', { channel: name });
  const counts = Object.fromEntries(STEPS.map((step) => [step, sum(step).toLocaleString('en')]));
  const words = t('charts.sendingWords', { channel: name, ...counts });
  const path = (step: Step) =>
    line<string>()
      .x((_, i) => x(i))
      .y((day) => y(of(day, step)))([...days]);
  return (
    <ChartFrame
      t={t}
      id={`sending-${channel}`}
      title={title}
      words={words}
      note={channel === 'mail' ? t('charts.sending.mailNote') : undefined}
      empty={STEPS.every((step) => sum(step) === 0)}
      columns={[t('charts.day'), ...STEPS.map((step) => t(`charts.sending.${step}`))]}
      rows={days.map((day) => [day, ...STEPS.map((step) => of(day, step).toLocaleString('en'))])}
    >
      <Drawing id={`sending-${channel}`} title={title} words={words} width={WIDTH} height={HEIGHT}>
        <Scale ticks={y.ticks(4).filter(Number.isInteger)} y={y} text={(tick) => tick.toLocaleString('en')} />
        {STEPS.map((step) => (
          <path
            key={step}
            d={path(step) ?? ''}
            fill="none"
            stroke={LINES[step].stroke}
            strokeWidth={2}
            strokeDasharray={LINES[step].dashes}
          />
        ))}
        <Days days={days} x={(day) => x(days.indexOf(day))} />
      </Drawing>
      <ul className="legend">
        {STEPS.map((step) => (
          <li key={step}>
            <svg width="36" height="12" aria-hidden="true">
              <line x1="0" x2="36" y1="6" y2="6" stroke={LINES[step].stroke} strokeWidth="2" strokeDasharray={LINES[step].dashes} />
            </svg>
            {t(`charts.sending.${step}`)}
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
