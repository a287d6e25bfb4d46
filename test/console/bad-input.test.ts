import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_ROUTES } from '~/domain/access';
import { proposeAct } from '~/services/propose-act';
import { insertFailure } from '../support/failures';
import { insertPerson } from '../support/people';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertStaff, signInAs } from '../support/staff';

/** What people paste, and what whoever means ill sends. */
const ODD = [
  '',
  ' ',
  '0',
  '-1',
  '1e300',
  '99999999999999999999',
  '1.5',
  'NaN',
  '٣',
  '４８',
  '2023-02-31',
  '+275760-09-13',
  '00000000-0000-0000-0000-000000000000',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '=HYPERLINK("https://evil.example")',
  '\u202eevil',
  '𠮷\ud83d\ude00',
  'constructor',
  '__proto__',
  '%00',
  'a\u0000b',
  'あ'.repeat(3_000),
];
/** Those that are tried in every field by itself. */
const ALONE = ['', '1e300', '99999999999999999999', '2023-02-31', '\u202eevil', 'constructor', 'a\u0000b'];
/** These would end the session in which the rest is tried. */
const NOT_HERE = ['sign_out', 'end_session', 'end_others'];

/** So many forms each role is shown at least on these pages: a page that shows none proves nothing. */
const FORMS = { operator: 15, approver: 11, administrator: 6, call_centre: 8, auditor: 9 } as const;

let site: RecipientSite;
let pages: readonly string[];

beforeAll(async () => {
  site = await startRecipientSite();
  const failed = await insertFailure(site);
  const person = await insertPerson(site.owner, site.campaignId, {
    number: 'KM-B-000001',
    name: '林 さくら',
    kana: 'ハヤシ サクラ',
    phone: '+819012345678',
    mail: 'sakura@example.jp',
  });
  const proposer = await insertStaff(site.owner, 'operator');
  const proposal = await insertFailure(site);
  const proposed = await proposeAct(site.console, {
    staff: { id: proposer.id, scope: 'all' },
    act: 'reissue',
    grantId: proposal.grantId,
    fields: { redemption: proposal.redemptionId },
    reason: 'not_issued',
    note: '',
  });
  if (proposed.kind !== 'proposed') throw new Error(JSON.stringify(proposed));
  pages = [
    '/admin',
    '/admin/find',
    `/admin/people/${person}`,
    ...['resend', 'change_address', 'freeze', 'release', 'extend'].map((act) => `/admin/people/${person}/${act}`),
    `/admin/people/${failed.grantId}`,
    ...['reissue', 'give_back', 'settle_doubt', 'ask_again'].map((act) => `/admin/people/${failed.grantId}/${act}`),
    '/admin/approvals',
    `/admin/approvals/${proposed.approvalId}`,
    `/admin/approvals/${proposed.approvalId}?refuse=1`,
    '/admin/redemptions?state=failed',
    '/admin/waves',
    '/admin/charts',
    '/admin/providers',
    `/admin/providers/${site.campaignId}.paypay`,
    '/admin/reconciliation',
    '/admin/proofs',
    '/admin/report',
    '/admin/exports',
    '/admin/audit',
    '/admin/bounced',
    '/admin/staff',
    '/admin/staff?invite=1',
    ...Object.keys(CONSOLE_ROUTES['admin.staff.$id'].acts).map((act) => `/admin/staff/${proposer.id}?do=${act}`),
    '/admin/account',
  ];
}, 120_000);
afterAll(() => site.stop());

interface Shown {
  readonly action: string;
  readonly method: string;
  readonly fields: readonly (readonly [name: string, value: string, hidden: boolean])[];
}

/** The forms of a page, as a browser would send them. */
function formsOf(html: string, path: string): Shown[] {
  return [...html.matchAll(/<form ([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', body = '']) => ({
    action: (/action="([^"#]*)/.exec(attributes)?.[1] || path).replaceAll('&amp;', '&'),
    method: /method="([^"]+)"/.exec(attributes)?.[1] ?? 'get',
    fields: [...body.matchAll(/<(?:input|select|textarea|button)\b([^>]*)>/g)].flatMap(([, field = '']) => {
      const name = /name="([^"]+)"/.exec(field)?.[1];
      return name ? [[name, /value="([^"]*)"/.exec(field)?.[1] ?? '', /type="hidden"/.test(field)] as const] : [];
    }),
  }));
}

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('for the role %s', (role) => {
  it('no form of the console ends as an error of ours, whatever is typed', async () => {
    const { visitor } = await signInAs(site, role);
    const asked = new Set<string>();
    for (const path of pages) {
      const page = await visitor.get(path);
      expect(page.status, path).toBeLessThan(500);
      for (const form of formsOf(page.text, path)) {
        const act = form.fields.find(([name]) => name === 'act')?.[1] ?? '';
        const name = `${form.method} ${form.action} ${act}`;
        if (NOT_HERE.includes(act) || asked.has(name)) continue;
        asked.add(name);
        for (const odd of ODD) {
          // One field after the other, and all at once; what keeps the form ours stays.
          const single =
            form.method === 'post' && ALONE.includes(odd) ? form.fields.filter(([field]) => field !== 'token' && field !== 'act') : [];
          for (const [changed] of [...single, ['*'] as const]) {
            const sent = form.fields.map(([field, value, hidden]): [string, string] => [
              field,
              field === changed || (changed === '*' && !hidden && field !== 'act') ? odd : value,
            ]);
            const answer =
              form.method === 'post'
                ? await visitor.post(form.action, sent)
                : await visitor.get(`${form.action.split('?')[0]}?${new URLSearchParams(sent)}`);
            expect(answer.status, `${name}: ${changed} = ${odd.slice(0, 40)}`).toBeLessThan(500);
            expect(answer.text, `${name}: ${changed}`).not.toContain('<script>alert(1)');
          }
        }
      }
    }
    expect(asked.size).toBeGreaterThanOrEqual(FORMS[role]);
  }, 300_000);
});

describe('a file that nobody may send any more', () => {
  it('does not hold up the page to which its sender is led, on the same connection', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (method: string, path: string, body: Buffer | null) =>
      new Promise<{ status: number; socket: unknown }>((resolve, reject) => {
        const headers = body ? { 'content-type': 'multipart/form-data; boundary=xx', 'content-length': body.length } : {};
        const request = http.request(`${site.url}${path}`, { method, agent, headers, signal: AbortSignal.timeout(20_000) }, (answer) => {
          answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, socket: request.socket }));
        });
        request.on('error', reject).end(body ?? undefined);
      });
    const first = await ask('POST', '/admin/reconciliation?index', Buffer.alloc(3_000_000, 'a'));
    expect(first.status).toBeLessThan(500);
    const second = await ask('GET', '/admin/sign-in', null);
    expect(second.status).toBe(200);
    expect(second.socket).toBe(first.socket);
    agent.destroy();
  });
});
