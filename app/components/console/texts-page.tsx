import type { MessageChannel, MessageLanguage, MessagePurpose } from '../../domain/message';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';
import { TableScroll } from './table-scroll';

interface Props {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: string | null;
  readonly overview: readonly {
    readonly purpose: MessagePurpose;
    readonly texts: readonly { readonly channel: MessageChannel; readonly language: MessageLanguage; readonly version: number | null }[];
  }[];
}

/** Every text of a programme, and which version of it is sent. */
export function TextsPage({ t, campaigns, chosen, overview }: Props) {
  const [first] = overview;
  return (
    <>
      <header className="stack">
        <h1>{t('texts.title')}</h1>
        <p className="hint">{t('texts.lead')}</p>
        <CampaignPicker t={t} action="/admin/texts" campaigns={campaigns} chosen={chosen} />
      </header>
      {chosen && first && (
        <section className="card">
          <TableScroll label={t('texts.title')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('texts.purpose')}</th>
                  {first.texts.map(({ channel, language }) => (
                    <th scope="col" key={`${channel} ${language}`}>
                      {t(`message.channel.${channel}`)}（{t(`texts.language.${language}`)}）
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {overview.map(({ purpose, texts }) => (
                  <tr key={purpose}>
                    <th scope="row">{t(`message.purpose.${purpose}`)}</th>
                    {texts.map(({ channel, language, version }) => (
                      <td key={`${channel} ${language}`} className="whole">
                        <a
                          href={`/admin/texts/${purpose}.${channel}.${language}?${new URLSearchParams({ campaign: chosen })}`}
                          aria-label={`${version === null ? t('texts.standard') : t('texts.own', { version })}, ${t('texts.of', {
                            purpose: t(`message.purpose.${purpose}`),
                            channel: t(`message.channel.${channel}`),
                            language: t(`texts.language.${language}`),
                          })}`}
                        >
                          {version === null ? t('texts.standard') : t('texts.own', { version })}
                        </a>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </section>
      )}
    </>
  );
}
