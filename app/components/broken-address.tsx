import { Fragment } from 'react';

/** An address that breaks, where it has to, before @ and points and not within a name. */
export function BrokenAddress({ text }: { text: string }) {
  return (
    <>
      {text.split(/(?=[@.])/).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {piece}
        </Fragment>
      ))}
    </>
  );
}
