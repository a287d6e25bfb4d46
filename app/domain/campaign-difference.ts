import type { CampaignFile } from './campaign';
import { CAMPAIGN_FIELDS } from './campaign-fields';
import { type TypedCampaign, typedCampaign } from './campaign-form';

/** What differs between two states of a programme, by the form's names; what the form does not show by its place in the file. */
export interface CampaignDifference {
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
}

/** Everything that a new version changes, old and new. Announcements follow from the dates and are left out. Pure. */
export function campaignDifference(before: CampaignFile, after: CampaignFile): CampaignDifference {
  const providers = [...new Set([...before.offers, ...after.offers].map(({ provider }) => provider))];
  return differenceOf({ ...typedCampaign(before, providers), ...hidden(before) }, { ...typedCampaign(after, providers), ...hidden(after) });
}

function differenceOf(old: Readonly<Record<string, string>>, next: Readonly<Record<string, string>>): CampaignDifference {
  const names = Object.keys({ ...old, ...next }).filter((name) => (old[name] ?? '') !== (next[name] ?? ''));
  const only = (texts: Readonly<Record<string, string>>) => Object.fromEntries(names.map((name) => [name, texts[name] || null]));
  return { before: only(old), after: only(next) };
}

/** Names of what differs. */
export function namesOf({ after }: CampaignDifference): string[] {
  return Object.keys(after);
}

const SHOWN = new Set(CAMPAIGN_FIELDS.map(({ path }) => path.join('.')));

/** What a file holds besides the form: scripts, warm-ups, logos; each value by its place. */
function hidden({ id: _id, offers: _offers, announced: _announced, ...rest }: CampaignFile): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    } else if (value !== undefined && !SHOWN.has(path.join('.'))) {
      found[path.join('.')] = String(value);
    }
  };
  walk(rest, []);
  return found;
}

/**
 * What somebody typed over an older version, with what others changed since: fields that were not touched take the new
 * state, and where both changed one, what was typed stands.
 */
export function mergeTyped(typed: TypedCampaign, { old, now }: { old: TypedCampaign; now: TypedCampaign }): TypedCampaign {
  return Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text === (old[name] ?? '') ? (now[name] ?? text) : text]));
}
