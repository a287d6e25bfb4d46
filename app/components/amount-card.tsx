import { lastMoment } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';

interface Props {
  t: Texts;
  residualYen: Yen;
  deadlineAt: Date;
  daysLeft: number;
}

/** How much, and until when: the largest thing on the page. */
export function AmountCard({ t, residualYen, deadlineAt, daysLeft }: Props) {
  const { before, digits, after } = t.yenParts(residualYen);
  const until = lastMoment(deadlineAt);
  return (
    <section className="card amount">
      <p className="quiet">{t('amount.residual')}</p>
      <p className="yen">
        {before && <small>{before}</small>}
        <b>{digits}</b>
        {after && <small>{after}</small>}
      </p>
      <div className="until">
        <p>
          <span>{t('amount.until', { day: t.day(until) })}</span> <span>{t('amount.untilTime', { time: t.time(until) })}</span>
        </p>
        <p className="badge amber">{daysLeft > 0 ? t('amount.daysLeft', { count: daysLeft }) : t('amount.today')}</p>
      </div>
    </section>
  );
}
