import { scaleBand, scaleLinear } from 'd3-scale';
import { area, line, stack } from 'd3-shape';
import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { ChartFrame, Drawing } from './chart-frame';
import { Days, EDGE, HEIGHT, Scale, WIDTH } from './chart-parts';
import { reasonText } from './reason-text';
import { Select } from './redemptions-page';
import { SendingChart, type SendingDay } from './sending-chart';

interface Data {
  readonly days: readonly string[];
  readonly byDay: readonly { readonly day: string; readonly provider: string; readonly count: number }[];
  readonly funnel: {
    readonly granted: number;
    readonly sent: number;
    readonly opened: number;
    readonly redeemed: number;
    readonly shown: number;
  };
  readonly residual: readonly { readonly day: string; readonly yen: bigint; readonly daysLeft: number }[];
  readonly sending: readonly SendingDay[];
  readonly failures: readonly { readonly reason: string; readonly count: number }[];
}

interface Props {
  readonly t: ConsoleTexts;
  readonly data: Data;
  readonly campaigns: ReadonlyMap<string, Bilingual>;
  readonly providers: ReadonlyMap<string, Bilingual>;
  readonly filter: { readonly campaign: string | null; readonly provider: string | null; readonly from: string; readonly until: string };
  readonly error: boolean;
}

/** Fillings that differ without colour: full, stripes either way, dots, a grid, light. */
const FILLINGS = ['full', 'rising', 'dots', 'falling', 'grid', 'light'] as const;

/** The charts, each with its table; they follow the filter in the address. */
export function ChartsPage({ t, data, campaigns, providers, filter, error }: Props) {
  const own = (all: ReadonlyMap<string, Bilingual>) => [...all].map(([id, name]): [string, string] => [id, t.own(name)]);
  return (
    <>
      <h1>{t('charts.title')}</h1>
      <form method="get" action="/admin/charts" className="card filters">
        <Select name="campaign" label={t('list.campaign')} any={t('list.any')} value={filter.campaign} options={own(campaigns)} />
        <Select name="provider" label={t('list.provider')} any={t('list.any')} value={filter.provider} options={own(providers)} />
        {(['from', 'until'] as const).map((name) => (
          <p className="field" key={name}>
            <label htmlFor={name}>{t(`charts.${name}`)}</label>
            <input
              id={name}
              name={name}
              type="date"
              defaultValue={filter[name]}
              aria-invalid={error || undefined}
              aria-describedby={error ? 'days-error' : undefined}
            />
          </p>
        ))}
        <button type="submit" className="button quiet">
          {t('list.filter')}
        </button>
        {error && (
          <p className="field-error" id="days-error">
            {t('charts.badDays')}
          </p>
        )}
      </form>
      <ByDay t={t} data={data} providers={providers} />
      <SendingChart t={t} days={data.days} sending={data.sending} channel="mail" />
      <SendingChart t={t} days={data.days} sending={data.sending} channel="sms" />
      <Bars
        t={t}
        id="funnel"
        title={t('charts.funnel')}
        note={t('charts.funnelNote')}
        rows={(['granted', 'sent', 'opened', 'redeemed', 'shown'] as const).map((step) => ({
          name: t(`charts.step.${step}`),
          count: data.funnel[step],
          text: t('frame.people', { count: data.funnel[step] }),
        }))}
        column={t('charts.people')}
      />
      <Residual t={t} data={data} />
      <Bars
        t={t}
        id="failures"
        title={t('charts.failures')}
        rows={data.failures.map(({ reason, count }) => ({ name: reasonText(t, reason), count, text: t('frame.count', { count }) }))}
        column={t('charts.count')}
      />
    </>
  );
}

function ByDay({ t, data, providers }: Pick<Props, 't' | 'data' | 'providers'>) {
  const keys = [...new Set(data.byDay.map(({ provider }) => provider))];
  const counts = new Map(data.byDay.map((row) => [`${row.day} ${row.provider}`, row.count]));
  const of = (day: string, provider: string) => counts.get(`${day} ${provider}`) ?? 0;
  const totals = data.days.map((day) => keys.reduce((sum, key) => sum + of(day, key), 0));
  const all = totals.reduce((sum, each) => sum + each, 0);
  const most = Math.max(1, ...totals);
  const x = scaleBand(data.days, [EDGE.left, WIDTH - EDGE.right]).padding(0.15);
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice();
  const layers = stack<string, string>()
    .keys(keys)
    .value((day, key) => of(day, key))([...data.days]);
  const label = (provider: string) => {
    const own = providers.get(provider);
    return own ? t.own(own) : provider;
  };
  const filling = (i: number) => FILLINGS[i % FILLINGS.length] ?? 'full';
  const words = t('charts.byDayWords', { all: all.toLocaleString('en'), most: most.toLocaleString('en') });
  return (
    <ChartFrame
      t={t}
      id="days"
      title={t('charts.byDay')}
      words={words}
      empty={all === 0}
      columns={[t('charts.day'), ...keys.map(label), t('charts.sum')]}
      rows={data.days.map((day, i) => [day, ...keys.map((key) => String(of(day, key))), String(totals[i])])}
    >
      <Drawing id="days" title={t('charts.byDay')} words={words} width={WIDTH} height={HEIGHT}>
        <Fillings />
        <Scale ticks={y.ticks(4).filter(Number.isInteger)} y={y} text={(tick) => tick.toLocaleString('en')} />
        {layers.map((layer, i) =>
          layer.map((part, at) => {
            const [low, high] = part;
            const day = data.days[at] ?? '';
            return high > low ? (
              <rect
                key={`${layer.key} ${day}`}
                x={x(day)}
                width={x.bandwidth()}
                y={y(high)}
                height={y(low) - y(high)}
                fill={`url(#fill-${filling(i)})`}
                stroke="#1a1a1c"
                strokeWidth={0.5}
              />
            ) : null;
          }),
        )}
        <Days days={data.days} x={(day) => (x(day) ?? 0) + x.bandwidth() / 2} />
      </Drawing>
      <ul className="legend">
        {keys.map((key, i) => (
          <li key={key}>
            <svg width="18" height="18" aria-hidden="true">
              <rect x="1" y="1" width="16" height="16" fill={`url(#fill-${filling(i)})`} stroke="#1a1a1c" />
            </svg>
            {label(key)}
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}

function Fillings() {
  const pattern = (id: string, inner: React.ReactNode) => (
    <pattern id={`fill-${id}`} width="8" height="8" patternUnits="userSpaceOnUse">
      {inner}
    </pattern>
  );
  const ground = (fill: string) => <rect width="8" height="8" fill={fill} />;
  return (
    <defs>
      {pattern('full', ground('#0017c1'))}
      {pattern(
        'rising',
        <>
          {ground('#fff')}
          <path d="M-2 2 2 -2M0 8 8 0M6 10 10 6" stroke="#7a4100" strokeWidth="2.5" />
        </>,
      )}
      {pattern(
        'dots',
        <>
          {ground('#fff')}
          <circle cx="4" cy="4" r="2.2" fill="#197a4b" />
        </>,
      )}
      {pattern(
        'falling',
        <>
          {ground('#fff')}
          <path d="M-2 6 2 10M0 0 8 8M6 -2 10 2" stroke="#8b008b" strokeWidth="2.5" />
        </>,
      )}
      {pattern(
        'grid',
        <>
          {ground('#fff')}
          <path d="M0 4H8M4 0V8" stroke="#1a1a1c" strokeWidth="1.5" />
        </>,
      )}
      {pattern('light', ground('#c5d7fb'))}
    </defs>
  );
}

function Residual({ t, data }: Pick<Props, 't' | 'data'>) {
  const rows = data.residual;
  const most = Math.max(1, ...rows.map(({ yen }) => Number(yen)));
  const x = scaleLinear([0, Math.max(1, rows.length - 1)], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice();
  const values = rows.map(({ yen }) => Number(yen));
  const last = rows.at(-1);
  const words = last ? t('charts.residualWords', { yen: t.yen(last.yen), days: last.daysLeft }) : t('charts.empty');
  const fill = area<number>()
    .x((_, i) => x(i))
    .y0(y(0))
    .y1((value) => y(value))(values);
  const edge = line<number>()
    .x((_, i) => x(i))
    .y((value) => y(value))(values);
  const step = Math.ceil(rows.length / 8) || 1;
  return (
    <ChartFrame
      t={t}
      id="residual"
      title={t('charts.residual')}
      words={words}
      note={t('charts.residualNote')}
      empty={rows.length === 0}
      columns={[t('charts.day'), t('charts.daysLeft'), t('person.residual')]}
      rows={rows.map(({ day, daysLeft, yen }) => [day, String(daysLeft), t.yen(yen)])}
    >
      <Drawing id="residual" title={t('charts.residual')} words={words} width={WIDTH} height={HEIGHT}>
        <Scale ticks={y.ticks(4).filter(Number.isInteger)} y={y} text={(tick) => tick.toLocaleString('en')} />
        <path d={fill ?? ''} fill="#c5d7fb" />
        <path d={edge ?? ''} fill="none" stroke="#0017c1" strokeWidth={2} />
        {rows.map(({ day, daysLeft }, i) =>
          i % step === 0 ? (
            <text key={day} x={x(i)} y={HEIGHT - 8} textAnchor={i === 0 ? 'start' : 'middle'}>
              {t('charts.left', { days: daysLeft })}
            </text>
          ) : null,
        )}
      </Drawing>
    </ChartFrame>
  );
}

interface BarsProps {
  readonly t: ConsoleTexts;
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly { readonly name: string; readonly count: number; readonly text: string }[];
  readonly column: string;
}

function Bars({ t, id, title, note, rows, column }: BarsProps) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const height = rows.length * 34 + 8;
  const left = 220;
  const x = scaleLinear([0, most], [0, WIDTH - left - 110]);
  const words = rows.map(({ name, text }) => `${name} ${text}`).join(t.language === 'ja' ? '、' : ', ');
  return (
    <ChartFrame
      t={t}
      id={id}
      title={title}
      words={words}
      note={note}
      empty={rows.every(({ count }) => count === 0)}
      columns={[title, column]}
      rows={rows.map(({ name, count }) => [name, count.toLocaleString('en')])}
    >
      <Drawing id={id} title={title} words={words} width={WIDTH} height={height}>
        {rows.map(({ name, count, text }, i) => (
          <g key={name}>
            <text x={left - 8} y={i * 34 + 24} textAnchor="end">
              {name}
            </text>
            <rect x={left} y={i * 34 + 8} width={Math.max(1, x(count))} height={22} fill="#0017c1" />
            <text x={left + Math.max(1, x(count)) + 8} y={i * 34 + 24}>
              {text}
            </text>
          </g>
        ))}
      </Drawing>
    </ChartFrame>
  );
}
