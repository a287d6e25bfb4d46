import type { ClaimTexts } from '../../i18n/claim';

interface Props {
  c: ClaimTexts;
  token: string;
  programme: string;
  /** Where the form goes: the link itself. */
  action: string;
  proven: boolean;
  /** How the claim stands, when it is neither waiting for this proof nor simply being checked. */
  sentence: string | null;
}

/** The button behind the link in the mail: mail scanners open links, people press buttons. */
export function ClaimProvePage({ c, token, programme, action, proven, sentence }: Props) {
  if (proven) {
    return (
      <section className="card">
        <h1>{c('prove.done')}</h1>
        <p>{sentence ?? c('prove.done.text')}</p>
        <p>
          <a className="button second" href={`/claim/status?programme=${programme}`}>
            {c('home.status')}
          </a>
        </p>
      </section>
    );
  }
  return (
    <>
      <h1>{c('prove.title')}</h1>
      <p>{sentence ?? c('prove.text')}</p>
      <form method="post" action={action} data-once="">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="programme" value={programme} />
        <div className="bar still">
          <button type="submit" className="button">
            {c('prove.submit')}
          </button>
        </div>
      </form>
    </>
  );
}
