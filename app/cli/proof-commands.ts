import { systemClock } from '../clock';
import { auditVerify } from './audit-verify';
import type { CommandKit } from './command-kit';
import { keysNew } from './keys-new';
import { keysRotate } from './keys-rotate';
import { proof } from './proof';
import { proofExport, proofSince, proofSinceStored } from './proof-chain';
import { statementSample } from './statement-sample';

/** `proof`, `audit`, `statement` and `keys`. */
export function addProofCommands({ program, texts, act, withContext }: CommandKit): void {
  const { about } = texts;
  const collect = (value: string, all: string[]) => [...all, value];
  const proofs = program
    .command('proof')
    .description(about.proof)
    .option('--campaign <id>', about.campaignId)
    .option('--since <day>', about.since)
    .option('--file <file>', about.proofFile)
    .option('--public-key <id:base64>', about.publicKey, collect, [])
    .action(({ since, file, publicKey, campaign: only }: { campaign?: string; since?: string; file?: string; publicKey: string[] }) => {
      if (since === undefined) return withContext('nothing', (context, terminal) => proof(context, terminal, { campaign: only }));
      if (file !== undefined) return act('nothing', (terminal) => proofSince(terminal, { since, file, publicKey }));
      return withContext('nothing', (context, terminal) => proofSinceStored(context, terminal, { since, publicKey }));
    });
  proofs
    .command('export')
    .description(about.proofExport)
    .requiredOption('--out <file>', about.proofOut)
    .action((options: { out: string }) => withContext('nothing', (context, terminal) => proofExport(context, terminal, options)));

  program
    .command('audit')
    .description(about.audit)
    .command('verify')
    .description(about.auditVerify)
    .option('--head <seq:hash>', about.auditHead, collect, [])
    .option('--public-key <id:base64>', about.publicKey, collect, [])
    .action((options: { head: string[]; publicKey: string[] }) =>
      withContext('nothing', (context, terminal) => auditVerify(context, terminal, options)),
    );

  program
    .command('statement')
    .description(about.statement)
    .command('sample')
    .description(about.statementSample)
    .requiredOption('--campaign <id>', about.campaignId)
    .requiredOption('--provider <id>', about.provider)
    .requiredOption('--out <file>', about.out)
    .action((options: { campaign: string; provider: string; out: string }) =>
      withContext('nothing', (context, terminal) => statementSample(context, terminal, options)),
    );

  const keys = program.command('keys').description(about.keys);
  keys
    .command('rotate')
    .description(about.keysRotate)
    .action(() => withContext('resume', keysRotate));
  keys
    .command('new')
    .description(about.keysNew)
    .option('--id <id>', about.keyId)
    .action((options: { id?: string }) => act('nothing', (terminal) => keysNew(terminal, { ...options, now: systemClock.now() })));
}
