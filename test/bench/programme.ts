import path from 'node:path';
import pg from 'pg';
import { loadCampaign } from '~/services/load-campaign';
import { makeTestPortal } from '../support/portal';
import { insertGrants, insertStock } from '../support/programme';
import type { MigratedDatabase } from '../support/server';
import { benchKeys, registeredProviders } from './portal';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CAMPAIGN_FILE = path.join(ROOT, 'db/programmes/kumamoto-2023/campaign.json');
const CAMPAIGN = 'kumamoto-2023';
/** Every grant of the bench has the same odd residual, so that every page is the same work. */
export const GRANT_YEN = 1_357;
const STOCK_FACES = { ponta: [100, 500, 1_000], edy: [100, 500, 1_000, 3_000] } as const;
const STOCK_PER_FACE = 30;
/** The others are written in so many parts, with grants to be measured between them: these lie everywhere in the tables. */
const PARTS = 10;
const ENTRY_GRANTS = 2_000;

export interface Programme {
  /** Grants to be opened again and again, from all over the tables. */
  readonly visitors: readonly string[];
  /** Takes grants that nobody has redeemed yet. */
  take(count: number): string[];
}

/**
 * The real programme with its five offers and stock, `visitors` and `redeemers` with links that open, and as many
 * others as make up `grants`. The others are written by SQL, with the ledger as an import would leave it.
 */
export async function fillProgramme(
  database: MigratedDatabase,
  { grants, visitors, redeemers }: { grants: number; visitors: number; redeemers: number },
): Promise<Programme> {
  await loadProgramme(database);
  const owner = makeTestPortal(database.ownerUrl, { keys: benchKeys(), connections: 2 });
  const admin = new pg.Client(database.superuserUrl);
  await admin.connect();
  try {
    for (const [provider, faces] of Object.entries(STOCK_FACES)) {
      await insertStock(
        owner,
        CAMPAIGN,
        provider,
        faces.flatMap((face) => Array<number>(STOCK_PER_FACE).fill(face)),
      );
    }
    const measured = visitors + redeemers;
    const grantIds: string[] = [];
    const others = Math.max(0, grants - measured);
    for (let part = 0; part < PARTS; part += 1) {
      const share = (all: number) => Math.floor((all * (part + 1)) / PARTS) - Math.floor((all * part) / PARTS);
      await insertOthers(admin, share(others), part);
      // Ids are ordered by time: those of this part follow the others' of this part.
      owner.clock.set(new Date());
      grantIds.push(...(await insertGrants(owner, CAMPAIGN, Array<number>(share(measured)).fill(GRANT_YEN))));
    }
    await admin.query('vacuum analyze');
    // What was written goes to its place now and not while something is measured.
    await admin.query('checkpoint');
    const ids = evenly(grantIds);
    const readers = ids.splice(0, visitors);
    return {
      visitors: readers,
      take(count) {
        if (count > ids.length) throw new Error(`${count} grants were asked for and ${ids.length} are left`);
        return ids.splice(0, count);
      },
    };
  } finally {
    await admin.end();
    await owner.close();
  }
}

/** The real programme with its offers and nobody in it. @returns its id */
export async function loadProgramme(database: MigratedDatabase): Promise<string> {
  const owner = makeTestPortal(database.ownerUrl, { keys: benchKeys(), connections: 2 });
  try {
    const loaded = await loadCampaign({ ...owner, providers: registeredProviders() }, { file: CAMPAIGN_FILE, actor: 'bench' });
    if (loaded.kind === 'refused') throw new Error(`the programme was refused: ${loaded.reason}`);
    return CAMPAIGN;
  } finally {
    await owner.close();
  }
}

/** Takes turns among the parts, so that however few of the list are used they come from everywhere. */
function evenly(ids: readonly string[]): string[] {
  const perPart = Math.ceil(ids.length / PARTS);
  return Array.from({ length: perPart }, (_, i) => ids.filter((_id, at) => at % perPart === i)).flat();
}

/** Grants that nobody opens: recipients, grants, and one journal entry for every two thousand. */
async function insertOthers(admin: pg.Client, count: number, part: number): Promise<void> {
  await admin.query('begin');
  // What the triggers and references would find is right by the way the rows are made; a test of the balance follows.
  await admin.query('set local session_replication_role = replica');
  for (const statement of [
    `create temporary table others on commit drop as
       select i, uuidv7() as id, uuidv7() as recipient_id, (i - 1) / ${ENTRY_GRANTS} as batch,
         sha256(convert_to('${part}:' || i, 'UTF8')) as random
       from generate_series(1, ${count}) i`,
    `create temporary table batches on commit drop as select batch, uuidv7() as id, count(*) as grants from others group by batch`,
    `insert into recipients (id, campaign_id, contact_sealed, contact_key_id, index_key_id, name_index, kana_index, phone_index, mail_index)
       select recipient_id, '${CAMPAIGN}', random || random || random || random, 'bench', 'bench',
         substr(sha256(random), 1, 16), substr(sha256(random), 17, 16), substr(random, 1, 16), substr(random, 17, 16) from others order by i`,
    `insert into grants (id, campaign_id, recipient_id, number, inquiry_number, granted_yen, deadline_at, channel, link_key_id, link_digest, created_at)
       select id, '${CAMPAIGN}', recipient_id, 'B${part}-' || i, '${part}' || lpad(i::text, 9, '0'), ${GRANT_YEN},
         '2023-06-01T00:00:00+09:00', 'mail', 'bench', random, '2023-04-10T10:00:00+09:00' from others order by i`,
    `insert into journal_entries (id, campaign_id, kind, actor, at)
       select id, '${CAMPAIGN}', 'granted', 'bench', '2023-04-10T10:00:00+09:00' from batches`,
    `insert into postings (entry_id, position, campaign_id, account, yen)
       select id, 1, '${CAMPAIGN}', 'fund', -grants * ${GRANT_YEN} from batches`,
    `insert into postings (entry_id, position, campaign_id, account, grant_id, yen)
       select b.id, 2 + (o.i - 1) % ${ENTRY_GRANTS}, '${CAMPAIGN}', 'grant', o.id, ${GRANT_YEN} from others o join batches b using (batch) order by o.i`,
  ])
    await admin.query(statement);
  await admin.query('commit');
}
