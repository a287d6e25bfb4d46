import type { ReactNode } from 'react';

/** A table that is moved sideways where it does not fit. By keyboard too: arrows move it once it has the focus. */
export function TableScroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div className="table-scroll" role="group" tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}
