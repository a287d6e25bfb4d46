import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { CONSOLE_ROUTES, type ConsoleRouteId, isPermitted, type Permission, ROLES } from '~/domain/access';
import { openCase } from '~/services/open-case';
import { proposeAct } from '~/services/propose-act';
import { runCutoff } from '~/services/run-cutoff';
import { callAbout, loadRegister, storyOf } from '../support/cases';
import { CUTOFF, claimFor } from '../support/claims';
import { couponLine, KUMAMOTO, paymentLine } from '../support/coupons';
import { insertFailure } from '../support/failures';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { insertStaff, signInAs } from '../support/staff';

/** What no field of ours means; each is sent alone, in a form that is otherwise as the page shows it. `%half` becomes half a surrogate. */
const ODD = [['a\u0000b'], ['%half'], ['a'.repeat(20_000)], ['0000-01-01'], ['9999999-01-01'], ['x', 'y']];
/** Those for an address, and for a form of very many fields. */
const FEW = [['a\u0000b'], ['0000-01-01'], ['x', 'y']];
const APRIL_20 = new Date('2023-04-20T10:00:00+09:00');
const [FIRST, SECOND] = ['437000000001', '437000000002'] as const;
/** They would end the session, or set a whole database up. */
const NOT_HERE = ['sign_out', 'end_session', 'play'];
/** What a page asks for only after a step before. */
const LATER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  open: {
    ...callAbout(FIRST),
    way: 'facts',
    fact1: 'issuer',
    said1: '宿',
    fact2: 'face',
    said2: '1000',
    kind: 'unanswered',
    story: 'x',
    payment: 'P1',
    key: '%key',
  },
  ask_shop: { body: 'x' },
  shop_answer: { body: 'x', answer: 'agrees' },
  ask_more: { body: 'x' },
  payments: { number: FIRST, payment: 'P1' },
};

type Pairs = [string, string][];
let site: RecipientSite;
let pool: ReturnType<typeof makePool>;
let ids: Readonly<Record<string, string>>;
const visitors = new Map<string, Visitor>();

beforeAll(async () => {
  site = await startRecipientSite();
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-odd-bulk', statementTimeoutMs: 0 });
  const bulk = { ...site.owner, bulk: makeBulk(pool) };
  const [failed, proposal] = [await insertFailure(site), await insertFailure(site)];
  const doubt = await insertFailure(site, { fate: 'silent' });
  await loadRegister(
    bulk,
    [couponLine(FIRST, { balance: '400' }), couponLine(SECOND)],
    [paymentLine('P1', FIRST, 600, { result: '応答なし' })],
  );
  site.owner.clock.set(CUTOFF);
  await runCutoff(bulk, { campaignId: KUMAMOTO, actor: 'test' });
  site.owner.clock.set(APRIL_20);
  const claim = await claimFor(site.owner, [SECOND]);
  for (const role of ROLES) visitors.set(role, (await signInAs(site, role)).visitor);
  const staff = { id: (await insertStaff(site.owner, 'operator')).id, scope: 'all' as const };
  const of = { campaignId: KUMAMOTO, typed: callAbout(FIRST), told: storyOf(['P1']), requestKey: site.owner.crypto.newKey() };
  const opened = await openCase(site.console, { staff, ...of });
  const act = { act: 'reissue', fields: { redemption: proposal.redemptionId }, reason: 'not_issued', note: '' } as const;
  const proposed = await proposeAct(site.console, { staff, grantId: proposal.grantId, ...act });
  if (opened.kind !== 'opened' || proposed.kind !== 'proposed') throw new Error(`${opened.kind} ${proposed.kind}`);
  const coupon = await site.owner.db.selectFrom('coupons').select('id').where('inquiry_number', '=', FIRST).executeTakeFirstOrThrow();
  const common = { cases: opened.caseId, claims: claim.id, approvals: proposed.approvalId, coupons: coupon.id, staff: staff.id };
  ids = { ...common, providers: `${site.campaignId}.paypay`, failed: failed.grantId, doubt: doubt.grantId };
});
afterAll(async () => {
  await pool.end();
  await site.stop();
});

/** Where a page is, for an act: some show its form only when asked for it. */
function addressOf(id: ConsoleRouteId, act: string): string {
  const of = CONSOLE_ROUTES[id].path;
  const grant = act === 'settle_doubt' || act === 'ask_again' ? ids.doubt : ids.failed;
  const own = of
    .replace(':grantId', grant ?? '')
    .replace(':act', act)
    .replace(':text', 'invitation.mail.ja')
    .replace(':list', 'unopened')
    .replace(/(\w+)\/:id/, (_, name: string) => `${name}/${ids[name] ?? ids.failed}`);
  if (id === 'admin.staff._index') return `${own}?invite=1`;
  if (id === 'admin.staff.$id') return `${own}?do=${act}`;
  if (id === 'admin.claims.approve') return `${own}?campaign=${KUMAMOTO}&c=${ids.claims}`;
  return /texts\/|new$|edit$|extend$|campaigns/.test(own) && !own.startsWith('/admin/cases') ? `${own}?campaign=${KUMAMOTO}` : own;
}

function visitorFor(...needed: (Permission | null)[]): Visitor {
  const role = ROLES.find((each) => needed.every((permission) => permission === null || isPermitted(each, permission)));
  const visitor = visitors.get(role ?? '');
  if (!visitor) throw new Error(`nobody may ${needed}`);
  return visitor;
}

interface Shown {
  readonly action: string;
  readonly upload: string | null;
  readonly fields: Pairs;
}

/** The form of an act, filled in as a browser has it; where the page shows none now, its longest form with that act. */
function formOf(page: Answer, address: string, act: string): Shown {
  const forms = [...page.text.matchAll(/<form [^>]*method="post"[\s\S]*?<\/form>/g)]
    .map(([form]) => form)
    .filter((form) => !form.includes('sign-out'));
  const form = forms.find((each) => each.includes(`value="${act}"`)) ?? forms.sort((a, b) => b.length - a.length)[0] ?? '';
  const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&');
  const fields = new Map<string, string>();
  for (const [tag] of form.matchAll(/<input [^>]*>|<textarea [\s\S]*?<\/textarea>|<select [\s\S]*?<\/select>/g)) {
    const chosen =
      /<option value="([^"]*)" selected/.exec(tag) ?? /<option value="([^"]+)"/.exec(tag) ?? /<textarea[^>]*>([\s\S]*)</.exec(tag);
    const [name, value] = [attribute(tag, 'name'), chosen?.[1] ?? attribute(tag, 'value') ?? ''];
    if (name && !(name.startsWith('has_') && value === '') && attribute(tag, 'type') !== 'file') fields.set(name, value);
  }
  for (const [name, value] of Object.entries({ ...LATER[act], act })) fields.set(name, value);
  const file = /<input [^>]*type="file"[^>]*>/.exec(form)?.[0];
  const action = new URL(attribute(form, 'action') ?? '', new URL(address, 'http://x'));
  return { action: action.pathname + action.search, upload: file ? (attribute(file, 'name') ?? null) : null, fields: [...fields] };
}

let keys = 0;
const encoded = (fields: Pairs) =>
  String(new URLSearchParams(fields))
    .replaceAll('%25half', '%ED%A0%BD')
    .replace('%25key', `key-${'0'.repeat(20)}${keys++}`);

function send(visitor: Visitor, { action, upload }: Shown, fields: Pairs): Promise<Answer> {
  if (upload === null) return visitor.post(action, encoded(fields), { 'content-type': 'application/x-www-form-urlencoded' });
  const parts = fields.map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const file = `--x\r\nContent-Disposition: form-data; name="${upload}"; filename="a.csv"\r\n\r\na,b\r\n1,2\r\n`;
  return visitor.post(action, `${parts.join('')}${file}--x--\r\n`, { 'content-type': 'multipart/form-data; boundary=x' });
}

const changed = (fields: Pairs, name: string, odd: readonly string[]): Pairs => [
  ...fields.filter(([each]) => each !== name),
  ...odd.map((value): [string, string] => [name, value]),
];

const ROUTES = (Object.keys(CONSOLE_ROUTES) as ConsoleRouteId[]).filter((id) => CONSOLE_ROUTES[id].read !== null);
it.each(ROUTES)(
  '%s answers nothing odd with an error of ours',
  async (id) => {
    const failed: string[] = [];
    const note = (answer: Answer, what: string, odd: readonly string[]) => {
      if (answer.status >= 500) failed.push(`${what} = ${odd.join(' ').slice(0, 20)}`);
    };
    const { read, acts } = CONSOLE_ROUTES[id] as { read: Permission; acts: Readonly<Record<string, Permission | null>> };
    const source = fs.readFileSync(path.resolve(import.meta.dirname, `../../app/routes/${id}.tsx`), 'utf8');
    const asked = new Set([...source.matchAll(/(?:query\.(?:one|text)|asked\.one|day|oneOf)\('(\w+)'/g)].map(([, name]) => name ?? ''));
    const url = new URL(addressOf(id, 'resend'), 'http://x');
    for (const name of asked)
      for (const odd of FEW)
        note(await visitorFor(read).get(`${url.pathname}?${encoded(changed([...url.searchParams], name, odd))}`), name, odd);
    for (const [act, needed] of Object.entries(acts).filter(([each]) => !NOT_HERE.includes(each))) {
      const visitor = visitorFor(read, needed);
      const form = formOf(await visitor.get(addressOf(id, act)), addressOf(id, act), act);
      const names = form.fields
        .map(([name]) => name)
        .filter((name) => !['token', 'act'].includes(name) && !/^(?:alone_|offer_(?!paypay))/.test(name));
      // Saving so many reads the same form, and wants a proof.
      const isMany = names.length > 20;
      if (names.length === 0) note(await send(visitor, form, form.fields), act, []);
      for (const name of isMany && act === 'save' ? [] : names)
        for (const odd of isMany ? FEW : ODD) note(await send(visitor, form, changed(form.fields, name, odd)), `${act}: ${name}`, odd);
    }
    expect(failed).toEqual([]);
  },
  120_000,
);
