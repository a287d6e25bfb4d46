import { createReadStream } from 'node:fs';
import { BOUNCE_RESULTS, type BounceResult } from '../domain/bounce';
import { digits } from '../i18n/format';
import { enqueueJob } from '../jobs.server';
import { recordBounce } from '../services/record-bounce';
import type { CliContext } from './context';
import { mailsOf } from './mailbox';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/**
 * `bounces --file F|-`: reads what came to the address for bounces, a mailbox file (mbox) or one mail from a pipe.
 * Safe to run twice over the same file. Whatever is in it, it is counted and the rest is read.
 */
export async function bounces(context: CliContext, terminal: Terminal, { file }: { file: string }): Promise<ExitCode> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const counts: Record<BounceResult | 'too_large', number> = {
    ...(Object.fromEntries(BOUNCE_RESULTS.map((result) => [result, 0])) as Record<BounceResult, number>),
    too_large: 0,
  };
  let mails = 0;
  await terminal.withCount(async (update) => {
    for await (const raw of mailsOf(input)) {
      terminal.signal.throwIfAborted();
      counts[raw ? await recordBounce({ ...context, enqueue: enqueueJob }, { raw, actor: context.actor }) : 'too_large'] += 1;
      mails += 1;
      update(mails);
    }
  });
  const { texts } = terminal;
  const found = Object.entries(counts) as [keyof typeof counts, number][];
  terminal.answer({ kind: 'read', mails, ...counts }, [
    texts.bounces.read(mails),
    ...found.filter(([, count]) => count > 0).map(([result, count]) => `  ${texts.bounces[result]}: ${digits(count)}`),
  ]);
  return EXIT.ok;
}
