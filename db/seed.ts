import type { StandInServer } from '#adapters/providers/stand-in-server';
import type { Clock } from '~/clock';

export interface SeedOptions {
  /** The database as its owner. */
  readonly ownerUrl: string;
  /** What `readConfig` needs besides the database: keys, providers' settings, public address. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** The running fakes, to bring about the situations in which something went wrong. */
  readonly standIns: StandInServer;
  /** Called as often as is useful; `total` is null where it cannot be known. */
  readonly onProgress: (what: string, done: number, total: number | null) => void;
}

export interface DemoLink {
  /** `odd`, `tiny`, `large`, `redeemed`, `in-doubt`, `failed`, `frozen`, `past-deadline`. */
  readonly id: string;
  /** One sentence for whoever tries it. */
  readonly about: string;
  readonly url: string;
}

/**
 * Fills an empty database with the demo's campaigns, grants, stock and sample situations, and returns the
 * links to try. Called at every start: on a database that has them it only returns the links.
 */
export async function seedDemo(_options: SeedOptions): Promise<readonly DemoLink[]> {
  return [];
}
