import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailsOf } from '~/cli/mailbox';
import { readKeyring } from '~/crypto.server';
import { queueMessage } from '~/services/parts/queue-message';
import { bounceMail } from '../support/bounces';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson } from '../support/people';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { insertProgramme } from '../support/programme';
import { queuedJobs } from '../support/queued-jobs';

let database: TestDatabase;
let owner: TestPortal;
let env: Record<string, string>;
let campaignId: string;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  env = cliEnv(database.ownerUrl);
  owner = makeTestPortal(database.ownerUrl, { keys: { seal: ring('SEAL_KEYS'), index: ring('INDEX_KEYS'), link: ring('LINK_KEYS') } });
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], 'bounces');
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-bounces-'));
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true });
  await owner.close();
  await database.drop();
});

function ring(name: string) {
  const read = readKeyring(env[name] ?? '');
  if (!read.ok) throw new Error(read.problem);
  return read.ring;
}

async function message(): Promise<string> {
  const grantId = await insertPerson(owner, campaignId, { mail: 'sakura@example.jp' });
  const queued = await owner.db.transaction().execute((trx) => queueMessage(owner, trx, { grantId, purpose: 'resend', actor: 'staff:x' }));
  if (queued.kind !== 'queued') throw new Error('not queued');
  return queued.messageId;
}

async function mails(...pieces: (string | Uint8Array)[]): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  const input = (async function* () {
    yield* pieces;
  })();
  for await (const mail of mailsOf(input)) found.push(mail && Buffer.from(mail).toString('latin1'));
  return found;
}

describe('bounces', () => {
  it('reads a mailbox with good and bad in it, counts all, and is safe to run twice', async () => {
    const [one, two] = [await message(), await message()];
    const box = [
      bounceMail(one),
      'Subject: away\r\n\r\nOut of office\r\n',
      bounceMail(two),
      bounceMail(randomUUID()),
      'x'.repeat(1024 * 1024 + 1),
    ];
    const file = path.join(folder, 'box');
    fs.writeFileSync(file, box.map((mail) => `From MAILER-DAEMON Sat May 20 10:00:00 2023\n${mail}\n\n`).join(''));
    const first = await runCli(['bounces', '--file', file, '--json'], env);
    expect(first.code).toBe(0);
    const counts = { kind: 'read', mails: 5, no_report: 1, unknown_message: 1, too_large: 1 };
    expect(JSON.parse(first.out)).toMatchObject({ ...counts, noted: 2, again: 0 });
    expect(await queuedJobs(owner, 'settle-report')).toHaveLength(2);
    const second = await runCli(['bounces', '--file', file, '--json'], env);
    expect(JSON.parse(second.out)).toMatchObject({ ...counts, noted: 0, again: 2 });
    expect(await queuedJobs(owner, 'settle-report')).toHaveLength(2);
    expect((await runCli(['bounces', '--file', file], env)).out).toContain('すでに読んだものです: 2');
  });

  it('says of a file that is not there that it is not', async () => {
    const missing = await runCli(['bounces', '--file', path.join(folder, 'nowhere')], env);
    expect(missing.code).not.toBe(0);
    expect(missing.err.length).toBeGreaterThan(5);
  });
});

describe('a mailbox', () => {
  it('is cut where a mail begins, wherever the pieces end', async () => {
    const box = 'From a\nSubject: 1\n\nFromage\n>From here\n\nFrom b\nSubject: 2\n\nx\n';
    const whole = ['Subject: 1\n\nFromage\nFrom here\n\n', 'Subject: 2\n\nx\n'];
    expect(await mails(box)).toEqual(whole);
    expect(await mails(...box)).toEqual(whole);
  });

  it('is one mail where it does not begin as one, whatever stands in it', async () => {
    expect(await mails('Subject: 1\n\n\nFrom b\nx')).toEqual(['Subject: 1\n\n\nFrom b\nx']);
    expect(await mails('')).toEqual([]);
  });

  it('is not kept in memory where a mail or a line has no end', async () => {
    const endless = Array.from({ length: 40 }, () => 'x'.repeat(64 * 1024));
    expect(await mails(...endless, '\n\n')).toEqual([null]);
  });
});
