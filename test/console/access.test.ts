import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_ROUTES, type ConsoleRouteId, isPermitted, PERMISSIONS, type Permission, ROLES, type Role } from '~/domain/access';
import { accessDocument } from '../../scripts/access-doc';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { insertSession, insertStaff, type TestStaff } from '../support/staff';

/** Every cell of the table who may do what, asked over HTTP: roles × pages × acts. */
const ROUTES = path.resolve(import.meta.dirname, '../../app/routes');
const IDS = Object.keys(CONSOLE_ROUTES) as ConsoleRouteId[];
const hasFile = (id: ConsoleRouteId) => fs.existsSync(path.join(ROUTES, `${id}.tsx`));
/** Pages that are still to come; empty when the console is complete. */
const STILL_TO_COME: readonly string[] = [];

interface Route {
  readonly read: Permission | null;
  readonly acts: Readonly<Record<string, Permission | null>>;
}
interface Cell {
  readonly id: ConsoleRouteId;
  readonly address: string;
  readonly act: string | null;
  readonly needs: readonly (Permission | null)[];
}

let site: RecipientSite;
let grantId = '';
const staff = new Map<Role, TestStaff>();

beforeAll(async () => {
  site = await startRecipientSite();
  grantId = await site.grant(1_000);
  for (const role of ROLES) staff.set(role, await insertStaff(site.owner, role));
});
afterAll(() => site.stop());

function cellsOf(id: ConsoleRouteId): Cell[] {
  const { read, acts } = CONSOLE_ROUTES[id] as Route;
  const address = (act: string | null) =>
    CONSOLE_ROUTES[id].path
      .replace(':grantId', grantId)
      .replace(':act', act ?? 'resend')
      .replace('/providers/:id', '/providers/amazon')
      .replace(/:[a-zA-Z]+/, randomUUID());
  const posts = Object.entries(acts).map(([act, needed]) => ({ id, address: address(act), act, needs: [read, needed] }));
  // Each act on a person has a page of its own, which needs what the act needs.
  const pages = CONSOLE_ROUTES[id].path.includes(':act')
    ? posts.map((post) => ({ ...post, act: null }))
    : [{ id, address: address(null), act: null, needs: [read] }];
  return [...pages, ...posts];
}

async function signedIn(role: Role): Promise<{ visitor: Visitor; token: string }> {
  const person = staff.get(role);
  if (!person) throw new Error('no such role');
  const visitor = site.visitor();
  const cookie = await insertSession(site.owner, person);
  visitor.cookies.set('__Host-staff', cookie);
  const digest = site.owner.crypto.tokenDigest('staff-session', cookie);
  const { id } = await site.owner.db.selectFrom('staff_sessions').select('id').where('digest', '=', digest).executeTakeFirstOrThrow();
  return { visitor, token: site.owner.crypto.tag('form', id) };
}

/** Sends the act as a form, and as one with a file where the page takes no other. */
async function send(visitor: Visitor, { address, act }: Cell, token: string): Promise<Answer> {
  const answer = await visitor.post(address, [
    ['token', token],
    ['act', act ?? ''],
  ]);
  if (!answer.text.includes('画面が古くなっています')) return answer;
  const boundary = 'test-boundary';
  const parts = [
    ['token', token],
    ['act', act],
  ].map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  return visitor.post(address, `${parts.join('')}--${boundary}--\r\n`, { 'content-type': `multipart/form-data; boundary=${boundary}` });
}

const ask = (visitor: Visitor, cell: Cell, token: string) => (cell.act === null ? visitor.get(cell.address) : send(visitor, cell, token));
const present = IDS.filter(hasFile);
const closed = present.filter((id) => CONSOLE_ROUTES[id].read !== null);

describe('the table', () => {
  it('has a file for each of its pages, and each file of the console is in it', () => {
    expect(IDS.filter((id) => !hasFile(id) && !STILL_TO_COME.includes(id))).toEqual([]);
    const files = fs.readdirSync(ROUTES).filter((file) => file.startsWith('admin.'));
    expect(files.filter((file) => !Object.hasOwn(CONSOLE_ROUTES, file.replace(/\.tsx$/, '')))).toEqual([]);
  });

  it('is what the document says', () => {
    expect(fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/access.md'), 'utf8')).toBe(accessDocument());
  });

  it('lets no role both propose what it decides on', () => {
    const proposals: Permission[] = ['change_address', 'settle_doubt', 'reissue', 'give_back', 'bulk'];
    const deciders = ROLES.filter((each) => isPermitted(each, 'decide'));
    expect(deciders).toContain('approver');
    for (const role of deciders) {
      expect(proposals.filter((proposal) => isPermitted(role, proposal))).toEqual([]);
    }
  });

  it('keeps money from administrators, and changes from viewers and auditors', () => {
    const acts = (role: Role) =>
      (Object.keys(PERMISSIONS) as Permission[]).filter((each) => !each.startsWith('see.') && isPermitted(role, each));
    expect(acts('administrator')).toEqual(['invite_staff', 'change_staff', 'end_sessions', 'own_account']);
    expect(acts('viewer')).toEqual(['own_account']);
    expect(acts('auditor')).toEqual(['unmask', 'withdraw', 'ask_funds', 'make_proof', 'export', 'download', 'own_account']);
  });
});

describe.each(ROLES)('%s', (role) => {
  it.each(closed)('%s', async (id) => {
    for (const cell of cellsOf(id)) {
      const { visitor, token } = await signedIn(role);
      const answer = await ask(visitor, cell, token);
      const allowed = cell.needs.every((needed) => needed === null || isPermitted(role, needed));
      const what = `${role} ${cell.act === null ? 'GET' : `POST ${cell.act}`} ${cell.address}: ${answer.status}`;
      expect(answer.status, what).toBeLessThan(500);
      if (allowed) expect([401, 403], what).not.toContain(answer.status);
      else {
        expect(answer.status, what).toBe(403);
        expect(answer.text, what).toContain('いまの役割では使えません');
      }
    }
  });
});

describe('nobody signed in', () => {
  it.each(closed)('%s', async (id) => {
    for (const cell of cellsOf(id)) {
      const answer = await ask(site.visitor(), cell, 'x');
      if (cell.act === null) {
        expect(answer.status).toBe(303);
        expect(answer.location).toMatch(/^\/admin\/sign-in/);
      } else expect(answer.status).toBe(401);
    }
  });

  it.each(present.filter((id) => !closed.includes(id)))('may read %s, and sends nothing without its token', async (id) => {
    for (const cell of cellsOf(id)) {
      const answer = await ask(site.visitor(), cell, 'x');
      if (cell.act === null) expect([200, 404]).toContain(answer.status);
      else expect(answer.status).toBe(403);
    }
  });
});

describe('a form that is not of this session', () => {
  it.each(closed.filter((id) => Object.keys(CONSOLE_ROUTES[id].acts).length > 0))('does nothing on %s', async (id) => {
    const role = ROLES.find((each) =>
      cellsOf(id).some((cell) => cell.act !== null && cell.needs.every((needed) => needed === null || isPermitted(each, needed))),
    );
    if (!role) throw new Error(`nobody may act on ${id}`);
    const cell = cellsOf(id).find(
      (each) => each.act !== null && each.needs.every((needed) => needed === null || isPermitted(role, needed)),
    );
    if (!cell) throw new Error('no cell');
    const [own, other] = [await signedIn(role), await signedIn(role)];
    expect((await send(own.visitor, cell, other.token)).status).toBe(403);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    const body: [string, string][] = [
      ['token', own.token],
      ['act', cell.act ?? ''],
    ];
    expect((await own.visitor.post(cell.address, body, foreign)).status).toBe(403);
    expect(
      (
        await own.visitor.post(cell.address, [
          ['token', own.token],
          ['act', 'constructor'],
        ])
      ).status,
    ).toBe(403);
  });
});

describe('a role', () => {
  it('taken away in mid-session is gone at the next request', async () => {
    const person = await insertStaff(site.owner, 'operator');
    const visitor = site.visitor();
    visitor.cookies.set('__Host-staff', await insertSession(site.owner, person));
    expect((await visitor.get('/admin/find')).status).toBe(200);
    await sql`update staff set role = 'viewer' where id = ${person.id}`.execute(site.owner.db);
    expect((await visitor.get('/admin/find')).status).toBe(403);
    await sql`update staff set disabled_at = ${site.owner.clock.now()} where id = ${person.id}`.execute(site.owner.db);
    expect((await visitor.get('/admin')).status).toBe(303);
  });
});
