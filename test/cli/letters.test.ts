import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readKeyring } from '~/crypto.server';
import { queueMessage } from '~/services/parts/queue-message';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson } from '../support/people';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { insertProgramme } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let env: Record<string, string>;
let campaignId: string;
let folder: string;
let programmes = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { ...cliEnv(database.ownerUrl), PUBLIC_URL: 'https://uketori.example' };
  owner = makeTestPortal(database.ownerUrl, { keys: { seal: ring('SEAL_KEYS'), index: ring('INDEX_KEYS'), link: ring('LINK_KEYS') } });
  owner.clock.set(new Date(env.PORTAL_NOW ?? ''));
});
beforeEach(async () => {
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `letters-${++programmes}`);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-letters-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));
afterAll(async () => {
  await owner.close();
  await database.drop();
});

describe('letters', () => {
  it('go to everybody whose every message surely failed, each once, with the link that opens the page', async () => {
    const lost = await person({ number: 'L-1', name: '髙橋 﨑子' }, 'hard_failed');
    await person({ number: 'L-2', name: '山田 太郎' }, 'sent');
    await person({ number: 'L-3', name: '鈴木 花' }, 'unknown');
    await person({ number: 'L-4', name: '佐藤 次郎' });

    expect(await letters()).toMatchObject({ code: 0, out: '手紙の対象は1通です。--out でフォルダを指定すると書き出します\n' });
    // A folder that is not there is made.
    fs.rmdirSync(folder);
    const printed = await letters('--out', folder, '--json');
    expect(JSON.parse(printed.out)).toMatchObject({ kind: 'printed', files: [{ batch: 1, printed: 1, leftOut: [], byHand: [] }] });
    const [file = ''] = files();
    expect(pagesOf(file)).toEqual([linkOf(lost)]);
    expect(fs.statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
    expect((await letters('--out', folder)).out).toBe('手紙の対象はありません\n');
    expect(await audited()).toEqual(['letters.opened', 'letters.printed']);
    expect((await runCli(['send', 'unreached', '--campaign', campaignId], env)).out).toMatch(/^L-1 .* 手紙 \d{4}-\d\d-\d\d\n/m);
  });

  it('are printed in batches, and one that was never finished is printed first', async () => {
    const people = [];
    for (let i = 1; i <= 5; i += 1) people.push(await person({ number: `B-${i}`, name: '田中 一' }, 'hard_failed'));
    const stop = new AbortController();
    stop.abort(new Error('interrupted'));
    const cut = await runCli(['letters', '--campaign', campaignId, '--out', folder, '--batch', '2'], env, stop.signal);
    expect(cut.code).toBe(130);
    expect(files()).toEqual([]);
    // The folder goes away in the middle: the batch is on the record, its file is not there.
    const inTheWay = path.join(folder, `letters-${campaignId}-0001.pdf`);
    fs.writeFileSync(inTheWay, '');
    expect((await letters('--out', folder, '--batch', '2')).code).toBe(1);
    fs.rmSync(inTheWay);
    expect((await letters('--out', folder, '--batch', '2')).code).toBe(0);
    expect(files().flatMap(pagesOf).sort()).toEqual(people.map(linkOf).sort());
    expect(files().map((file) => pagesOf(file).length)).toEqual([2, 2, 1]);
  });

  it('are printed again from their batch without those who have another link by now', async () => {
    const stays = await person({ number: 'A-1', name: '田中 一' }, 'hard_failed');
    const moves = await person({ number: 'A-2', name: '田中 二' }, 'hard_failed');
    await letters('--out', folder);
    await owner.db
      .updateTable('grants')
      .set({ link_generation: 2, link_digest: owner.crypto.linkDigest(owner.crypto.linkToken(moves.grantId, 2, moves.keyId)) })
      .where('id', '=', moves.grantId)
      .execute();
    for (const file of files()) fs.rmSync(path.join(folder, file));
    const again = await letters('--out', folder, '--again', '1');
    expect(again.out).toContain('除いたもの: A-2');
    expect(files().flatMap(pagesOf)).toEqual([linkOf(stays)]);
    expect(await letters('--out', folder, '--again', '9')).toMatchObject({ code: 1, err: '9番の束はありません\n' });
    // A new address nothing was sent to yet is no reason for a letter.
    expect((await letters()).out).toBe('手紙の対象はありません\n');
    expect(await audited()).toContain('letters.printed_again');
  });

  it('go to whom no wave could write, and not yet to somebody who may still be reached by the other channel', async () => {
    const nowhere = await person({ number: 'W-1', name: '田中 一' });
    const failed = await person({ number: 'W-2', name: '田中 二' });
    const now = owner.clock.now();
    const waveId = owner.crypto.newId(now);
    await owner.db
      .insertInto('waves')
      .values({
        id: waveId,
        campaign_id: campaignId,
        number: 1,
        sending_group: 'app',
        purpose: 'invitation',
        state: 'running',
        from_on: '2023-04-10',
        until_on: '2023-04-21',
        domain_per_hour: '{}',
        first_hour: 9,
        end_hour: 20,
        made_by: 'test',
        made_at: now,
        started_at: now,
        state_at: now,
      })
      .execute();
    await owner.db
      .insertInto('wave_misses')
      .values({ wave_id: waveId, grant_id: nowhere.grantId, link_generation: 1, reason: 'no_address', at: now })
      .execute();
    const messageId = await messageOf(failed.grantId, 'hard_failed', waveId);
    expect((await letters()).out).toContain('対象は1通です');
    await owner.db.insertInto('fallovers').values({ message_id: messageId, next_message_id: null, at: now }).execute();
    expect((await letters()).out).toContain('対象は2通です');
  });

  it('say which names have to be written by hand', async () => {
    await person({ number: 'H-1', name: '\u{2a6d6} 太郎' }, 'hard_failed');
    expect((await letters('--out', folder)).out).toContain('手書きが必要なもの: H-1');
  });

  it('are refused where nobody could open their links, or the folder cannot be made', async () => {
    await person({ number: 'R-1' }, 'hard_failed');
    const { PUBLIC_URL: _url, ...without } = env;
    expect((await runCli(['letters', '--campaign', campaignId, '--out', folder], without)).err).toContain('PUBLIC_URL');
    expect((await letters('--out', path.join(os.devNull, 'nowhere'))).err).toContain('フォルダを作れません');
    expect(await audited()).toEqual([]);
  });
});

interface Addressed {
  readonly grantId: string;
  readonly keyId: string;
}

/** Somebody with one message that ended as told. */
async function person(contact: { number: string; name?: string }, state?: 'hard_failed' | 'sent' | 'unknown'): Promise<Addressed> {
  const grantId = await insertPerson(owner, campaignId, { ...contact, mail: `${contact.number.toLowerCase()}@example.jp` });
  const { link_key_id } = await owner.db.selectFrom('grants').select('link_key_id').where('id', '=', grantId).executeTakeFirstOrThrow();
  const keyId = link_key_id;
  if (state) await messageOf(grantId, state);
  return { grantId, keyId };
}

/** A message to somebody that ended as told; as an invitation where a wave is given. @returns its id */
async function messageOf(grantId: string, state: 'hard_failed' | 'sent' | 'unknown', waveId?: string): Promise<string> {
  const queued = await owner.db.transaction().execute((trx) => queueMessage(owner, trx, { grantId, purpose: 'resend', actor: 'test' }));
  if (queued.kind !== 'queued') throw new Error('there is no address');
  const now = owner.clock.now();
  let id = queued.messageId;
  if (waveId) {
    const { wave_id: _none, ...row } = await owner.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    await owner.db.updateTable('messages').set({ state: 'hard_failed', reason: 'outdated' }).where('id', '=', id).execute();
    id = owner.crypto.newId(now);
    await owner.db
      .insertInto('messages')
      .values({ ...row, id, purpose: 'invitation', wave_id: waveId })
      .execute();
  }
  const message = () => owner.db.updateTable('messages').where('id', '=', id);
  await message().set({ state: 'sending', attempts: 1, leased_until: now, state_at: now }).execute();
  await message()
    .set({ state, leased_until: null, reason: state === 'sent' ? null : state === 'unknown' ? 'timeout' : 'unknown_address' })
    .execute();
  return id;
}

const letters = (...argv: string[]) => runCli(['letters', '--campaign', campaignId, ...argv], env);
const files = () => fs.readdirSync(folder).sort();
const linkOf = ({ grantId, keyId }: Addressed) => `https://uketori.example/r/${owner.crypto.linkToken(grantId, 1, keyId)}`;

/** The links of a file, page by page: each page has one. */
function pagesOf(file: string): string[] {
  const pdf = fs.readFileSync(path.join(folder, file), 'latin1');
  const links = [...pdf.matchAll(/\/URI \(([^)]+)\)/g)].map((found) => found[1] ?? '');
  expect(pdf.match(/\/Type \/Page\n/g)).toHaveLength(links.length);
  return links;
}

async function audited(): Promise<string[]> {
  const rows = await owner.db.selectFrom('audit_entries').select('act').where('campaign_id', '=', campaignId).orderBy('at').execute();
  return rows.map(({ act }) => act).filter((act) => act.startsWith('letters'));
}

function ring(name: string) {
  const read = readKeyring(env[name] ?? '');
  if (!read.ok) throw new Error(read.problem);
  return read.ring;
}
