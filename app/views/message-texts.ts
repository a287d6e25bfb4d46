import { findCampaign } from '#db/campaigns';
import { findText, listTextVersions, type TextKey, type TextVersion } from '#db/message-texts';
import type { CampaignSettings } from '../domain/campaign';
import { maskName } from '../domain/contact';
import { MESSAGE_PURPOSES, type MessagePurpose } from '../domain/message';
import type { Portal } from '../portal';

const CHANNELS = ['mail', 'sms'] as const;
const LANGUAGES = ['ja', 'en'] as const;
const VERSIONS_SHOWN = 50;

export interface TextOverview {
  readonly purpose: MessagePurpose;
  readonly texts: readonly (Omit<TextKey, 'campaignId' | 'purpose'> & { readonly version: number | null })[];
}

/** Every text of a programme: which version of the office's own is sent, or null for the portal's. */
export async function listTexts(portal: Pick<Portal, 'db'>, campaignId: string): Promise<TextOverview[]> {
  const overview: TextOverview[] = [];
  for (const purpose of MESSAGE_PURPOSES) {
    const texts: TextOverview['texts'][number][] = [];
    for (const channel of CHANNELS) {
      for (const language of LANGUAGES) {
        const found = await findText(portal.db, { campaignId, purpose, channel, language });
        texts.push({ channel, language, version: found?.text ? found.version : null });
      }
    }
    overview.push({ purpose, texts });
  }
  return overview;
}

/** Whose data a preview shows. */
export interface TextPerson {
  /** Masked. */
  readonly name: string;
  readonly yen: bigint;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
  readonly number: string | null;
}

export interface TextPage {
  readonly settings: CampaignSettings;
  /** The newest first, with the names of who saved them. */
  readonly versions: readonly (TextVersion & { readonly by: string })[];
  readonly person: TextPerson;
  /** What was asked for and is nobody's number. */
  readonly unknownNumber: boolean;
}

const SAMPLE = { name: { ja: '見本 花子', en: 'Hanako Mihon' }, yen: 1_357n } as const;

/** One text with its versions, and the amount and deadline of one person, or of nobody. Null: there is no such programme. */
export async function findTextPage(portal: Pick<Portal, 'db'>, key: TextKey, number: string): Promise<TextPage | null> {
  const campaign = await findCampaign(portal.db, key.campaignId);
  if (!campaign) return null;
  const versions = await listTextVersions(portal.db, key, { limit: VERSIONS_SHOWN });
  const ids = [...new Set(versions.flatMap(({ madeBy }) => /^staff:(.+)$/.exec(madeBy)?.[1] ?? []))];
  const staff = ids.length === 0 ? [] : await portal.db.selectFrom('staff').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(staff.map(({ id, name }) => [`staff:${id}`, name]));
  const found = number === '' ? null : await findPerson(portal, key.campaignId, number);
  const sample = { name: maskName(SAMPLE.name[key.language]), yen: SAMPLE.yen, deadlineAt: campaign.redeemUntil, number: null };
  return {
    settings: campaign.settings,
    versions: versions.map((version) => ({ ...version, by: names.get(version.madeBy) ?? version.madeBy })),
    person: found ? { ...sample, ...found } : sample,
    unknownNumber: number !== '' && found === null,
  };
}

/** A grant's amount and deadline; its name is not read at all. */
async function findPerson(
  { db }: Pick<Portal, 'db'>,
  campaignId: string,
  number: string,
): Promise<Pick<TextPerson, 'yen' | 'deadlineAt' | 'number'> | null> {
  const grant = await db
    .selectFrom('grants')
    .select(['number', 'granted_yen', 'deadline_at'])
    .where('campaign_id', '=', campaignId)
    .where('number', '=', number)
    .executeTakeFirst();
  return grant ? { number: grant.number, yen: grant.granted_yen, deadlineAt: grant.deadline_at } : null;
}
