import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTS_OF_APPROVALS, auditActText } from '~/components/console/audit-words';
import { consoleTextsIn } from '~/i18n/console/texts';
import { anchorAudit } from '~/services/anchor-audit';
import { freezeGrant } from '~/services/freeze-grant';
import { requestRedemption } from '~/services/request-redemption';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, insertStaff, signInAs } from '../support/staff';

let site: RecipientSite;
let grantId: string;

beforeAll(async () => {
  site = await startRecipientSite();
  grantId = await site.grant(1_357);
  const choices = [{ provider: 'paypay', yen: 1_357n }];
  await requestRedemption(site.portal, { grantId, requestKey: site.portal.crypto.newKey(), choices });
  const { id } = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
  const staff = { id, scope: 'all' as const };
  await freezeGrant(site.console, { staff, grantId, reason: 'lost_phone', note: '高橋さんの電話', hours: '24' });
}, 120_000);
afterAll(() => site.stop());

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Every act that the code can write into an audit entry: read from the calls that write one. */
function actsInSources(): Map<string, string> {
  const found = new Map<string, string>();
  const files = fs.readdirSync(path.join(ROOT, 'app'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  for (const file of files) {
    const text = fs.readFileSync(path.join(ROOT, 'app', file), 'utf8');
    if (!/\b(appendAudit|auditAct|auditOwn)\b/.test(text)) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node, written: boolean): void => {
      const value = written ? actOf(node) : null;
      if (value) for (const act of writings(value, text)) found.set(act, file);
      const writes = ts.isCallExpression(node) && ['appendAudit', 'auditAct', 'auditOwn'].includes(node.expression.getText());
      ts.forEachChild(node, (child) => visit(child, written || writes));
    };
    visit(source, false);
  }
  return found;
}

function actOf(node: ts.Node): ts.Expression | null {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'act') return node.initializer;
  return ts.isShorthandPropertyAssignment(node) && node.name.text === 'act' ? node.name : null;
}

/** What may stand in a place of a template, by its text. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  'approval.act': ACTS_OF_APPROVALS,
  name: ['reissue', 'give_back', 'settle_doubt', 'extend', 'change_address'],
  outcome: ['shown', 'unavailable'],
  'kind.kind': ['grants', 'coupons', 'payments'],
  move: ['ask', 'refuse', 'reopen'],
  state: ['sent', 'collected'],
};
const OFFICE_ACTS_OF_COUPONS = ['put_back', 'extend_coupon', 'extend_coupons'];
const DECIDED = ['refused', 'expired', 'started', 'void'];
/** Acts that come in as a value, by the text of what passes them. */
const VALUES: Readonly<Record<string, RegExp>> = {
  act: /'((?:reissue\.\w+)|extend_coupons?)'/g,
  WRONG: /const WRONG = '(\w+)'/g,
};

function writings(value: ts.Expression, text: string): string[] {
  if (ts.isStringLiteral(value)) return [value.text];
  if (ts.isConditionalExpression(value)) return [...writings(value.whenTrue, text), ...writings(value.whenFalse, text)];
  if (ts.isParenthesizedExpression(value)) return writings(value.expression, text);
  if (ts.isTemplateExpression(value)) {
    let all = [value.head.text];
    for (const span of value.templateSpans) {
      const { expression, literal } = span;
      const isOffice = text.includes('OFFICE_ACT_PARTS') && value.templateSpans[0] === span;
      const steps = value.head.text === 'bulk_' ? ['reissue', 'give_back'] : isOffice ? OFFICE_ACTS_OF_COUPONS : DECIDED;
      const named = expression.getText() === 'act' ? steps : PLACES[expression.getText()];
      const places = named ?? (ts.isConditionalExpression(expression) ? writings(expression, text) : null);
      if (!places) throw new Error(`what may stand for ${expression.getText()}?`);
      all = all.flatMap((before) => places.map((place) => before + place + literal.text));
    }
    return all;
  }
  return [...text.matchAll(VALUES[value.getText()] ?? /$^/g)].map((match) => match[1] ?? '');
}

describe('every act that is written down', () => {
  const acts = actsInSources();
  it('is found in the sources', () => {
    expect(acts.size).toBeGreaterThan(80);
    for (const act of [
      'sign_in',
      'reissue.done',
      'bulk_reissue.proposed',
      'code.shown',
      'extend_coupons',
      'identity_wrong',
      'grants.import',
    ]) {
      expect([...acts.keys()]).toContain(act);
    }
  });

  it.each(['ja', 'en'] as const)('has words in %s', (language) => {
    const t = consoleTextsIn(language);
    expect([...acts].filter(([act]) => auditActText(t, act) === null)).toEqual([]);
  });
});

/** The table of entries on a page. */
const log = (html: string) => /<tbody>([\s\S]*)<\/tbody>/.exec(html)?.[1] ?? '';

describe('the audit log', () => {
  it('tells who did what in words, the newest first, with a link to the person', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    const page = await visitor.get('/admin/audit');
    expect(page.status).toBe(200);
    const rows = log(page.text);
    expect(rows).toContain('運用 花子');
    expect(rows).toContain('凍結：完了');
    expect(rows).toContain('電話の紛失');
    expect(rows).toContain('交換の申し込み');
    expect(rows.indexOf('凍結：完了')).toBeLessThan(rows.indexOf('交換の申し込み'));
    expect(rows).toContain(`href="/admin/people/${grantId}"`);
    expect(rows).toContain('高橋さんの電話');
    const english = await visitor.get('/admin/audit?lang=en');
    expect(log(english.text)).toContain('Freeze: done');
    expect(log(english.text)).toContain('a lost phone');
  });

  it('shows no free note and no person to whoever may not see one', async () => {
    const { visitor } = await signInAs(site, 'administrator');
    const rows = log((await visitor.get('/admin/audit')).text);
    expect(rows).toContain('凍結：完了');
    expect(rows).not.toContain('高橋さん');
    expect(rows).not.toContain('/admin/people/');
    for (const role of ['viewer', 'call_centre', 'operator', 'approver'] as const) {
      expect((await (await signInAs(site, role)).visitor.get('/admin/audit')).status).toBe(403);
    }
  });

  it('is filtered by the address, whatever stands there', async () => {
    const { visitor, staff } = await signInAs(site, 'auditor', { name: '監査 次郎' });
    const rowsOf = async (query: string) => {
      const page = await visitor.get(`/admin/audit?${query}`);
      expect(page.status, query).toBe(200);
      return log(page.text);
    };
    expect(await rowsOf('who=recipient')).not.toContain('凍結');
    expect(await rowsOf('who=recipient')).toContain('交換の申し込み');
    expect(await rowsOf('act=freeze')).toContain('凍結：完了');
    expect(await rowsOf('act=freeze')).not.toContain('交換の申し込み');
    expect(await rowsOf(`who=staff:${staff.id}`)).toBe('');
    expect(await rowsOf(`subject=${grantId}`)).toContain('凍結：完了');
    expect(await rowsOf('from=2023-05-20&until=2023-05-20')).toContain('凍結：完了');
    expect(await rowsOf('until=2023-05-19')).toBe('');
    expect(await rowsOf('from=2023-05-21')).toBe('');
    expect(await rowsOf(`campaign=${site.campaignId}`)).toContain('凍結：完了');
    for (const odd of ['from=2023-02-31', 'from=x', 'before=-1', 'before=9999999999999999', 'who=%00', "subject='", 'check=x', 'act=']) {
      await rowsOf(odd);
    }
  });

  it('shows nothing of another programme, and nothing of none, to whoever is bound to one', async () => {
    const none = await signInAs(site, 'auditor', { campaigns: [] });
    expect(log((await none.visitor.get('/admin/audit')).text)).toBe('');
    const { visitor } = await signInAs(site, 'auditor', { campaigns: [site.campaignId] });
    await (await signInAs(site, 'auditor')).visitor.get('/admin/audit');
    const rows = log((await visitor.get('/admin/audit')).text);
    expect(rows).toContain('凍結：完了');
    expect(rows).not.toContain('記録の鎖の確認');
  });

  it('goes back page by page without a gap', async () => {
    for (let i = 0; i < 60; i += 1) {
      const { id } = await insertStaff(site.owner, 'operator');
      const own = await site.grant(10);
      await freezeGrant(site.console, { staff: { id, scope: 'all' }, grantId: own, reason: 'other', note: '', hours: '1' });
    }
    const { visitor } = await signInAs(site, 'auditor');
    const numbers: number[] = [];
    let next: string | undefined = '/admin/audit';
    while (next) {
      const { text } = await visitor.get(next);
      numbers.push(...[...log(text).matchAll(/<tr><td class="number">(\d+)/g)].map((match) => Number(match[1])));
      next = /<a href="(\/admin\/audit\?before=\d+)"/.exec(text)?.[1];
    }
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => numbers.length - i));
    expect(numbers.length).toBeGreaterThan(60);
  });
});

describe('the state of the chain', () => {
  it('is shown, and a check by a press is noted', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    const before = await visitor.get('/admin/audit');
    expect(before.text).toMatch(/<code>\d+:[0-9a-f]{64}<\/code>/);
    await anchorAudit(site.console);
    const answer = await visitor.post('/admin/audit', formOfAct(before.text, 'verify'));
    expect(answer.status).toBe(303);
    const page = await visitor.get(answer.location ?? '');
    expect(page.text).toContain('変更・削除・欠落はありません');
    expect(log(page.text)).toContain('記録の鎖の確認');
  });
});
