import type { Announced } from '../domain/campaign';

/** Dates of a programme that have changed, as first told and as they are now. */
export type Announcements = readonly { readonly what: Announced; readonly from: string; readonly to: string }[];

interface Props {
  readonly announced: Announcements | undefined;
  /** What this page has to say; the others are another page's. */
  readonly about: readonly Announced[];
  /** The sentence in the page's own language. */
  readonly say: (what: Announced, dates: { from: Date; to: Date }) => string;
}

/** That a date is no longer what people were told at first. Nothing where nothing changed. */
export function AnnouncedDates({ announced = [], about, say }: Props) {
  return (
    <>
      {announced
        .filter(({ what }) => about.includes(what))
        .map(({ what, from, to }) => (
          <p className="note" key={what}>
            <b>{say(what, { from: new Date(from), to: new Date(to) })}</b>
          </p>
        ))}
    </>
  );
}
