import { CONSOLE_ROUTES } from '../domain/access';
import { REDEMPTION_ARROWS, type RedemptionState } from '../domain/redemption';
import type { Form } from './form';

/** How long something has been in its state. */
export const AGES = { '1h': 3_600_000, '1d': 86_400_000, '3d': 3 * 86_400_000, '7d': 7 * 86_400_000 } as const;
export type Age = keyof typeof AGES;

export const REDEMPTION_STATES = Object.keys(REDEMPTION_ARROWS) as RedemptionState[];

/** The filter as the address has it; what is no value of ours is taken as not asked for. */
export interface AskedFilter {
  readonly campaign: string | null;
  readonly provider: string | null;
  readonly state: RedemptionState | null;
  readonly reason: string | null;
  readonly age: Age | null;
}

/** Reads the filter from an address or a form. */
export function readFilter(
  form: Form,
  choices: {
    readonly campaigns: ReadonlyMap<string, unknown>;
    readonly providers: ReadonlyMap<string, unknown>;
    readonly reasons: readonly string[];
  },
): AskedFilter {
  const oneOf = <T extends string>(name: string, all: Iterable<T>) => [...all].find((each) => each === form.one(name)) ?? null;
  return {
    campaign: oneOf('campaign', choices.campaigns.keys()),
    provider: oneOf('provider', choices.providers.keys()),
    state: oneOf('state', REDEMPTION_STATES),
    reason: oneOf('reason', choices.reasons),
    age: oneOf('age', Object.keys(AGES) as Age[]),
  };
}

/** The same as fields of an address or a form. */
export function filterFields(filter: AskedFilter): [string, string][] {
  return Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== null);
}

/** The address of the list with this filter. */
export function filterAddress(filter: AskedFilter, more: readonly (readonly [string, string])[] = []): string {
  const query = new URLSearchParams([...filterFields(filter), ...more].map(([name, value]) => [name, value]));
  const { path } = CONSOLE_ROUTES['admin.redemptions'];
  return query.size > 0 ? `${path}?${query}` : path;
}
