import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Writes generated people with distinct names, numbers and amounts, in the columns of a grants file. */
export async function writeGrantsFile(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write('\ufeff付与番号,お問合せ番号,氏名,フリガナ,電話番号,メールアドレス,残額,送付方法\r\n');
  for (let i = 1; i <= rows; i += 1) {
    const digits = String(i).padStart(8, '0');
    const phone = `090-${digits.slice(0, 4)}-${digits.slice(4)}`;
    const line = `BN-${digits},43${digits}00,髙橋 幸子${i % 1000},タカハシ サチコ${i % 1000},${phone},user${i}@example.jp,${(i % 11_991) + 1},SMS\r\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
