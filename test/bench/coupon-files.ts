import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const AT = '2023-02-24T';

/**
 * Writes generated coupons: two of three are in the app, every tenth person has two of them. In a newer delivery every
 * hundredth person has another telephone number.
 */
export async function writeCouponsFile(file: string, rows: number, { newer = false } = {}): Promise<void> {
  await write(
    file,
    'お問合せ番号,都道府県,発行施設,額面,残高,有効期限,アプリ登録,アプリ電話番号,アプリメールアドレス,退会日',
    rows,
    (i) => {
      const person = String(i % 20 === 1 ? i - 1 : i).padStart(8, '0');
      const contact = i % 3 === 2 ? '無,,' : `有,${newer && i % 100 === 3 ? '080' : '090'}-${person.slice(0, 4)}-${person.slice(4)},`;
      return `${numberOf(i)},熊本県,旅行社${i % 100},3000,${3_000 - spentOf(i)},${AT}23:59:59+09:00,${contact},`;
    },
  );
}

/** Writes one payment for each of them. */
export async function writePaymentsFile(file: string, rows: number): Promise<void> {
  await write(file, '決済番号,お問合せ番号,店舗,金額,決済日時,結果', rows, (i) => {
    const time = `${String(9 + (i % 12)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00+09:00`;
    return `P${i},${numberOf(i)},店${i % 1_000},${spentOf(i)},${AT}${time},成功`;
  });
}

function numberOf(i: number): string {
  return `43${String(i).padStart(8, '0')}00`;
}

function spentOf(i: number): number {
  return (i % 2_900) + 1;
}

async function write(file: string, header: string, rows: number, line: (i: number) => string): Promise<void> {
  const out = createWriteStream(file);
  out.write(`\ufeff${header}\r\n`);
  for (let i = 1; i <= rows; i += 1) if (!out.write(`${line(i)}\r\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}
