import type { ConsoleTexts } from '../../i18n/console/texts';
import type { ProviderPageProps } from './provider-page';
import { TableScroll } from './table-scroll';

export interface ShelfFacts {
  readonly yen: bigint;
  readonly free: number;
  readonly handedOut: number;
  readonly expired: number;
  readonly expiringSoon: number;
  readonly nextExpiry: string | null;
  readonly lowCodes: number | null;
}

/** What came of a file: a sentence, and the rows that are wrong. */
export interface StockOutcome {
  readonly sentence: string;
  readonly good: boolean;
  readonly problems: readonly { readonly row: number; readonly problem: string }[];
}

/** The shelf by face value, its marks, and the way to fill it. */
export function Shelves({ t, token, provider, may, mark, stock, needsFaceValue }: ProviderPageProps) {
  return (
    <section className="card">
      <h2>{t('provider.shelf')}</h2>
      {provider.shelves.length === 0 ? (
        <p>{t('provider.shelfNone')}</p>
      ) : (
        <TableScroll label={t('provider.shelf')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('provider.face')}</th>
                <th scope="col" className="number">
                  {t('provider.free')}
                </th>
                <th scope="col" className="number">
                  {t('provider.handedOut')}
                </th>
                <th scope="col" className="number">
                  {t('provider.soon')}
                </th>
                <th scope="col" className="number">
                  {t('provider.expired')}
                </th>
                <th scope="col">{t('provider.nextExpiry')}</th>
                <th scope="col">{t('provider.mark')}</th>
              </tr>
            </thead>
            <tbody>
              {provider.shelves.map((shelf) => (
                <tr key={String(shelf.yen)}>
                  <th scope="row">{t.yen(shelf.yen)}</th>
                  <td className="number">
                    {shelf.free}{' '}
                    {shelf.lowCodes !== null && shelf.free < shelf.lowCodes && <span className="chip fail">{t('provider.low')}</span>}
                  </td>
                  <td className="number">{shelf.handedOut}</td>
                  <td className="number">{shelf.expiringSoon}</td>
                  <td className="number">{shelf.expired}</td>
                  <td className="stamp">{shelf.nextExpiry ? t.day(shelf.nextExpiry) : '―'}</td>
                  <td>{may.mark ? <Mark t={t} token={token} shelf={shelf} mark={mark} /> : (shelf.lowCodes ?? '―')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {stock && (
        <div className={stock.good ? 'message' : 'message fail'} role="status">
          <p>{stock.sentence}</p>
          {stock.problems.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th scope="col" className="number">
                    {t('provider.row')}
                  </th>
                  <th scope="col">{t('provider.problem')}</th>
                </tr>
              </thead>
              <tbody>
                {stock.problems.map(({ row, problem }) => (
                  <tr key={`${row} ${problem}`}>
                    <td className="number">{row}</td>
                    <td>{problem}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
      {may.load && (
        <form method="post" encType="multipart/form-data" className="form">
          <h3>{t('provider.load')}</h3>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="load_stock" />
          <p className="field">
            <label htmlFor="stock-file">{t('provider.file')}</label>
            <input id="stock-file" type="file" name="file" accept=".csv,text/csv" />
          </p>
          {needsFaceValue && (
            <p className="field">
              <label htmlFor="stock-yen">{t('provider.faceOf')}</label>
              <input id="stock-yen" name="yen" inputMode="numeric" size={8} />
            </p>
          )}
          <p>
            <button type="submit" className="button quiet">
              {t('provider.doLoad')}
            </button>
          </p>
        </form>
      )}
    </section>
  );
}

function Mark({ t, token, shelf, mark }: { t: ConsoleTexts; token: string; shelf: ShelfFacts; mark: ProviderPageProps['mark'] }) {
  const face = String(shelf.yen);
  const wrong = mark?.face === face;
  return (
    <form method="post" className="inline">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value="low_water" />
      <input type="hidden" name="face" value={face} />
      <input
        name="low"
        inputMode="numeric"
        size={5}
        aria-label={`${t('provider.mark')} ${t.yen(shelf.yen)}`}
        defaultValue={wrong ? mark.typed : (shelf.lowCodes?.toString() ?? '')}
        aria-invalid={wrong || undefined}
      />
      <button type="submit" className="button quiet">
        {t('provider.set')}
      </button>
      {wrong && <span className="field-error">{t('provider.number')}</span>}
    </form>
  );
}
