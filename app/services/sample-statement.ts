import { japanTime } from '../domain/japan-time';
import { csvRecord } from '../domain/spreadsheet';
import type { Portal } from '../portal';

/**
 * A statement as the provider would send it, made from what was really issued, with one of each kind of difference:
 * one line left out, one that nobody knows, another amount, one line twice, one cancelled. For rehearsals and
 * training. @returns the file's text, or null when fewer than five codes were issued
 */
export async function sampleStatement(
  portal: Pick<Portal, 'db'>,
  { campaignId, provider }: { campaignId: string; provider: string },
): Promise<string | null> {
  const issued = await portal.db
    .selectFrom('issuances as i')
    .innerJoin('codes as c', 'c.id', 'i.code_id')
    .innerJoin('redemptions as r', 'r.id', 'c.redemption_id')
    .where('i.campaign_id', '=', campaignId)
    .where('i.provider', '=', provider)
    .where('i.state', '=', 'issued')
    .where('r.source', '=', 'api')
    .orderBy('i.settled_at')
    .orderBy('i.id')
    .select(['i.reference', 'i.yen', 'i.settled_at'])
    .execute();
  if (issued.length < 5) return null;
  const line = (reference: string, yen: bigint, at: Date, kind: string) => csvRecord([reference, String(yen), japanTime(at), kind]);
  const [head = '', ...rest] = issued.map(({ reference, yen, settled_at }, index) => {
    const [own, at] = [reference ?? '', settled_at ?? new Date(0)];
    if (index === 0) return '';
    if (index === 1) return line(own, yen + 100n, at, '発行');
    if (index === 2) return line(own, yen, at, '発行') + line(own, yen, at, '発行');
    if (index === 3) return line(own, yen, at, '発行') + line(own, yen, at, '取消');
    return line(own, yen, at, '発行');
  });
  const stranger = line('UNKNOWN-0001', 1_000n, issued[0]?.settled_at ?? new Date(0), '発行');
  return `\uFEFF${csvRecord(['取引番号', '金額', '発行日時', '区分'])}${head}${stranger}${rest.join('')}`;
}
