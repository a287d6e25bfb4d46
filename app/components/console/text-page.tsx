import type { MessageChannel, MessageLanguage, MessagePurpose } from '../../domain/message';
import type { Segments } from '../../domain/segments';
import { PLACES, type Place, type TextProblem, type TextTemplate } from '../../domain/text-template';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TextVersions, type VersionRow } from './text-versions';

export interface TextPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly title: string;
  readonly textKey: {
    readonly campaignId: string;
    readonly purpose: MessagePurpose;
    readonly channel: MessageChannel;
    readonly language: MessageLanguage;
  };
  readonly newest: VersionRow | null;
  readonly versions: readonly VersionRow[];
  /** The version that was put into the editor. */
  readonly loaded: number | null;
  readonly text: TextTemplate;
  readonly base: number;
  readonly number: string;
  readonly address: string;
  /** The grant number whose amount is shown; null: a sample. */
  readonly person: string | null;
  readonly unknownNumber: boolean;
  readonly needed: readonly Place[];
  readonly problems: readonly TextProblem[];
  readonly preview: PreviewProps['preview'];
  readonly mayEdit: boolean;
  readonly did?: 'saved' | 'restored' | null;
  readonly no?: 'same' | 'overtaken';
  readonly tested?: string;
  readonly testNo?: 'address' | 'landline' | 'too_many';
}

/** One text: the editor beside how it arrives, a test to oneself, and its versions. */
export function TextPage(props: TextPageProps) {
  const { t, textKey, title, newest, did, no, tested, loaded } = props;
  const own = newest?.text ? newest : null;
  return (
    <>
      <header className="stack">
        <p>
          <a href={`/admin/texts?${new URLSearchParams({ campaign: textKey.campaignId })}`}>{t('texts.back')}</a>
        </p>
        <h1>{title}</h1>
        <p className="hint">
          {own ? t('texts.now.own', { version: own.version, at: t.stamp(own.madeAt), by: own.by }) : t('texts.now.standard')}
        </p>
      </header>
      {did && <Said role="status">{t(`texts.did.${did}`)}</Said>}
      {tested && <Said role="status">{t('texts.did.tested', { mask: tested })}</Said>}
      {no && <Said role="alert">{t(`texts.no.${no}`)}</Said>}
      {loaded !== null && loaded !== newest?.version && <p className="message time">{t('texts.version.shown', { version: loaded })}</p>}
      <form method="post" action={`/admin/texts/${textKey.purpose}.${textKey.channel}.${textKey.language}`} className="side-by-side">
        <input type="hidden" name="token" value={props.token} />
        <input type="hidden" name="campaign" value={textKey.campaignId} />
        <input type="hidden" name="base" value={props.base} />
        {/* What the Enter key presses: it must not save. */}
        <button type="submit" name="act" value="preview" hidden />
        <Editor {...props} />
        <Preview {...props} />
        {props.mayEdit && <Test {...props} />}
      </form>
      <TextVersions t={t} textKey={textKey} versions={props.versions} />
    </>
  );
}

function Said({ role, children }: { role: 'status' | 'alert'; children: string }) {
  return (
    <p className={role === 'alert' ? 'message fail' : 'message'} role={role} data-focus="" tabIndex={-1}>
      {children}
    </p>
  );
}

function Editor({ t, textKey, text, problems, mayEdit, newest, needed }: TextPageProps) {
  return (
    <section className="card stack" aria-labelledby="edit">
      <h2 id="edit">{t('texts.edit')}</h2>
      {textKey.channel === 'mail' && (
        <p className="field wide">
          <label htmlFor="subject">{t('texts.subject')}</label>
          <input
            id="subject"
            name="subject"
            defaultValue={text.subject ?? ''}
            maxLength={200}
            readOnly={!mayEdit}
            lang={textKey.language}
            {...described('subject', problems)}
          />
          <Problems t={t} field="subject" problems={problems} />
        </p>
      )}
      <p className="field wide">
        <label htmlFor="body">{t('texts.body')}</label>
        <textarea
          id="body"
          name="body"
          rows={textKey.channel === 'mail' ? 18 : 8}
          defaultValue={text.body}
          maxLength={3_000}
          readOnly={!mayEdit}
          lang={textKey.language}
          {...described('body', problems)}
        />
        <Problems t={t} field="body" problems={problems} />
      </p>
      <Places t={t} needed={needed} />
      {mayEdit && (
        <div className="stack">
          <p className="hint">{t('texts.save.hint')}</p>
          <div className="buttons">
            <button type="submit" name="act" value="save" className="button">
              {t('texts.save')}
            </button>
            {newest?.text && (
              <button type="submit" name="act" value="restore" className="button quiet" formNoValidate>
                {t('texts.restore')}
              </button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}

function described(field: TextProblem['field'], problems: readonly TextProblem[]) {
  return problems.some((problem) => problem.field === field) ? { 'aria-invalid': true, 'aria-describedby': `${field}-error` } : {};
}

function Problems({ t, field, problems }: { t: ConsoleTexts; field: TextProblem['field']; problems: readonly TextProblem[] }) {
  const own = problems.filter((problem) => problem.field === field);
  if (own.length === 0) return null;
  return (
    <span className="field-error" id={`${field}-error`}>
      {own.map(({ problem, about }) => (
        <span key={`${problem} ${about}`} className="line">
          {t(`texts.wrong.${problem}`, { about: aboutText(t, problem, about) })}
        </span>
      ))}
    </span>
  );
}

function aboutText(t: ConsoleTexts, problem: TextProblem['problem'], about: string | null): string {
  return problem.startsWith('place_') && about ? t(`texts.place.${about as Place}`) : (about ?? '');
}

function Places({ t, needed }: { t: ConsoleTexts; needed: readonly Place[] }) {
  return (
    <details className="rare">
      <summary>{t('texts.places')}</summary>
      <p className="hint">{t('texts.places.lead')}</p>
      <dl className="facts">
        {PLACES.map((place) => (
          <div key={place}>
            <dt>
              <code>{`{${place}}`}</code>
            </dt>
            <dd>
              {t(`texts.place.${place}`)}
              {needed.includes(place) && <span className="chip time">{t('texts.needed')}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface PreviewProps {
  readonly preview: {
    readonly subject: string | null;
    readonly text: string;
    readonly from: { readonly name: string; readonly address: string };
    readonly cost: Segments | null;
  };
}

function Preview({ t, textKey, preview, number, person, unknownNumber }: TextPageProps) {
  return (
    <section className="card stack" aria-labelledby="preview">
      <h2 id="preview">{t('texts.preview')}</h2>
      {textKey.channel === 'mail' ? (
        <article className="as-mail" lang={textKey.language}>
          <p className="hint" lang={t.language}>
            {t('texts.from')} {preview.from.name} &lt;{preview.from.address}&gt;
          </p>
          <p className="as-subject">{preview.subject}</p>
          <p className="as-body">{preview.text}</p>
        </article>
      ) : (
        <article className="as-phone">
          <p className="hint">
            {t('texts.from')} {preview.from.address}
          </p>
          <p className="as-bubble" lang={textKey.language}>
            {preview.text}
          </p>
        </article>
      )}
      {preview.cost && <p>{t('texts.segments', { characters: preview.cost.characters, segments: preview.cost.segments })}</p>}
      <p className="hint">{person ? t('texts.preview.person', { number: person }) : t('texts.preview.sample')}</p>
      <p className="field">
        <label htmlFor="number">{t('texts.preview.of')}</label>
        <input
          id="number"
          name="number"
          defaultValue={number}
          maxLength={40}
          autoComplete="off"
          aria-invalid={unknownNumber ? true : undefined}
          aria-describedby={unknownNumber ? 'number-error' : undefined}
        />
        {unknownNumber && (
          <span className="field-error" id="number-error">
            {t('texts.preview.unknown')}
          </span>
        )}
      </p>
      <div className="buttons">
        <button type="submit" name="act" value="preview" className="button quiet">
          {t('texts.preview.press')}
        </button>
      </div>
    </section>
  );
}

function Test({ t, textKey, address, testNo }: TextPageProps) {
  return (
    <section className="card stack" aria-labelledby="test">
      <h2 id="test">{t('texts.test')}</h2>
      <p className="hint">{t('texts.test.lead')}</p>
      <p className="field">
        <label htmlFor="address">{t(`texts.test.${textKey.channel}`)}</label>
        <input
          id="address"
          name="address"
          inputMode={textKey.channel === 'mail' ? 'email' : 'tel'}
          defaultValue={address}
          maxLength={254}
          autoComplete={textKey.channel === 'mail' ? 'email' : 'tel'}
          aria-invalid={testNo ? true : undefined}
          aria-describedby={testNo ? 'address-error' : undefined}
        />
        {testNo && (
          <span className="field-error" id="address-error">
            {t(`texts.no.${testNo}`)}
          </span>
        )}
      </p>
      <div className="buttons">
        <button type="submit" name="act" value="test" className="button quiet">
          {t('texts.test.press')}
        </button>
      </div>
    </section>
  );
}
