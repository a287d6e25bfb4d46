import { markActed } from '#db/link-opens';
import type { ClientKind } from '../domain/client-kind';
import type { Portal } from '../portal';

/** A link that was opened. */
export interface LinkOpen {
  readonly grantId: string;
  readonly sessionTag: string;
  readonly client: ClientKind;
  readonly openedAt: Date;
  readonly actedAt: Date | null;
}

/** Writes that links were opened, and in which of their sessions somebody acted: one statement for each. Statistics only. */
export async function recordOpens(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { opens, acts }: { opens: readonly LinkOpen[]; acts: ReadonlyMap<string, Date> },
): Promise<void> {
  if (opens.length > 0) {
    await portal.db
      .insertInto('link_opens')
      .values(
        opens.map(({ grantId, sessionTag, client, openedAt, actedAt }) => ({
          id: portal.crypto.newId(openedAt),
          grant_id: grantId,
          session_tag: sessionTag,
          client,
          opened_at: openedAt,
          acted_at: actedAt,
        })),
      )
      .execute();
  }
  if (acts.size > 0) {
    await markActed(portal.db, acts);
  }
}
