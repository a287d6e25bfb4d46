import { SAID_THINGS, type SaidThing } from '../../domain/case-decision';
import { lastMoment } from '../../domain/deadline';
import type { ConsoleTexts } from '../../i18n/console/texts';

/** The four things: as they were said, as the register has them, and whether they agree. Side by side. */
export function SaidAgainst({
  t,
  said,
  coupon,
  agrees,
}: {
  t: ConsoleTexts;
  said: Readonly<Record<SaidThing, string>>;
  coupon: { readonly inquiryNumber: string; readonly prefecture: string; readonly validUntil: Date } | null;
  agrees: Readonly<Partial<Record<SaidThing, boolean | null>>>;
}) {
  const listed: Readonly<Record<SaidThing, string>> = {
    number: coupon?.inquiryNumber ?? '―',
    valid: coupon ? t.day(lastMoment(coupon.validUntil)) : '―',
    prefecture: coupon?.prefecture ?? '―',
    shop: '―',
  };
  return (
    <table className="changes">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t('call.agrees')}</span>
          </th>
          <th scope="col">{t('case.saidCol')}</th>
          <th scope="col">{t('case.register')}</th>
        </tr>
      </thead>
      <tbody>
        {SAID_THINGS.map((thing) => {
          const agree = agrees[thing] ?? null;
          return (
            <tr key={thing}>
              <th scope="row">{t(`call.agrees.${thing}`)}</th>
              <td className={thing === 'number' ? 'whole' : undefined}>{said[thing]}</td>
              <td>
                {thing === 'shop' ? null : `${listed[thing]}　`}
                {agree !== null && (
                  <span className={agree ? 'chip done' : 'chip fail'}>{t(agree ? 'call.agree.yes' : 'call.agree.no')}</span>
                )}
                {agree === null && t('call.agree.open')}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
