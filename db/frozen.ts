import { type RawBuilder, sql } from 'kysely';

/** Whether the grant `g` of a statement is frozen at an instant; `domain/deadline.ts` decides the same. */
export function isFrozenAt(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(g.frozen_at is not null and g.frozen_at <= ${now} and (g.frozen_until is null or g.frozen_until > ${now}))`;
}
