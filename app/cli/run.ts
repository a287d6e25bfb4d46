import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { systemClock } from '../clock';
import { ROLES } from '../domain/access';
import { COUPON_ACTS } from '../domain/coupon-acts';
import { readWrittenTime } from '../domain/japan-time';
import { cliEn } from '../i18n/cli-en';
import { cliJa } from '../i18n/cli-ja';
import { auditVerify } from './audit-verify';
import { bounces } from './bounces';
import { campaignLoad } from './campaign-load';
import { campaignRehearse } from './campaign-rehearse';
import { campaignShow } from './campaign-show';
import { type CliContext, openCliContext } from './context';
import { type CouponActArgs, couponsCandidates, couponsExtend, couponsPutBack } from './coupons';
import { cutoffPlan, cutoffRun } from './cutoff';
import { describeFailure } from './failure';
import { type FileImportKind, fileImport } from './file-import';
import { keysNew } from './keys-new';
import { keysRotate } from './keys-rotate';
import { lapse } from './lapse';
import { type LettersArgs, letters } from './letters';
import { migrate } from './migrate';
import { proof } from './proof';
import { proofExport, proofSince, proofSinceStored } from './proof-chain';
import { addSendCommands } from './send-command';
import { staffDisable, staffInvite, staffList } from './staff';
import { staffTotp } from './staff-totp';
import { statementSample } from './statement-sample';
import { stockLoad } from './stock-load';
import { type CliIo, EXIT, type ExitCode, Terminal } from './terminal';
import { usageError } from './usage-error';
import { withCampaign } from './with-campaign';

/** What is true of every command that is stopped: it leaves nothing, or goes on next time. */
type WhenStopped = 'nothing' | 'resume';

interface Globals {
  readonly json?: boolean;
}

/** Runs one command line. @returns the exit code; everything to be read has been written to `io` */
export async function run(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const lang = languageOf(argv, io.env);
  const texts = lang === 'en' ? cliEn : cliJa;
  const { about } = texts;
  let code: ExitCode = EXIT.ok;

  const program = new Command('uketori').description(about.program).exitOverride().showHelpAfterError(false);
  program.configureOutput({ writeOut: io.out, writeErr: io.err, outputError: (text, write) => write(usageError(lang, text)) });
  program.option('--json', about.json).option('--lang <ja|en>', about.lang).option('--env-file <file>', about.envFile);

  /** Runs a command's work and turns whatever goes wrong into a line and an exit code. */
  const act = async (whenStopped: WhenStopped, work: (terminal: Terminal, env: CliIo['env']) => Promise<ExitCode>): Promise<void> => {
    const { json = false, envFile } = program.opts<Globals & { envFile?: string }>();
    try {
      const { readEnvFile } = await import('./env-file');
      const env = envFile ? { ...(await readEnvFile(envFile)), ...io.env } : io.env;
      code = await work(new Terminal(io, texts, json), env);
    } catch (error) {
      const failure = describeFailure(error, { texts, stopped: io.signal.aborted ? whenStopped : null });
      if (json) io.out(`${JSON.stringify({ kind: 'failed', reason: failure.reason, lines: failure.lines })}\n`);
      else io.err(failure.lines.map((line) => `${line}\n`).join(''));
      code = failure.code;
    }
  };
  const withContext = (whenStopped: WhenStopped, work: (context: CliContext, terminal: Terminal) => Promise<ExitCode>) =>
    act(whenStopped, async (terminal, env) => {
      const context = await openCliContext(env);
      try {
        return await work(context, terminal);
      } finally {
        await context.close();
      }
    });
  const wholeYen = (text: string): number => {
    if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError(texts.errors.number('--yen', text));
    return Number(text);
  };

  const campaign = program.command('campaign').description(about.campaign);
  campaign
    .command('load')
    .description(about.campaignLoad)
    .argument('<file>', about.file)
    .option('--force', about.force, false)
    .action((file: string, options: { force: boolean }) =>
      withContext('nothing', (context, terminal) => campaignLoad(context, terminal, { file, ...options })),
    );
  campaign
    .command('show')
    .description(about.campaignShow)
    .argument('<id>', about.campaignId)
    .action((id: string) => withContext('nothing', (context, terminal) => campaignShow(context, terminal, { id })));

  campaign
    .command('rehearse')
    .description(about.campaignRehearse)
    .argument('<id>', about.campaignId)
    .action((id: string) => withContext('nothing', (context, terminal) => campaignRehearse(context, terminal, { id, lang })));

  interface ImportOptions {
    readonly campaign: string;
    readonly dryRun: boolean;
    readonly skipBad: boolean;
    readonly rejected?: string;
    readonly asOf?: Date;
    readonly update?: boolean;
    readonly differences?: string;
  }
  const importCommand = (parent: Command, kind: FileImportKind, description: string): Command =>
    parent
      .command('import')
      .description(description)
      .argument('<file>', about.file)
      .requiredOption('--campaign <id>', about.campaignId)
      .option('--dry-run', about.dryRun, false)
      .option('--skip-bad', about.skipBad, false)
      .option('--rejected <file>', about.rejected)
      .action((file: string, options: ImportOptions) =>
        withContext('nothing', (context, terminal) => fileImport(context, terminal, kind, { file, lang, ...options })),
      );
  const instant = (text: string): Date => {
    const read = readWrittenTime(text);
    if (!read) throw new InvalidArgumentError(texts.errors.instant('--as-of', text));
    return read.at;
  };

  importCommand(program.command('grants').description(about.grants), 'grants', about.grantsImport);
  importCommand(program.command('payments').description(about.payments), 'payments', about.paymentsImport);
  const coupons = program.command('coupons').description(about.coupons);
  importCommand(coupons, 'coupons', about.couponsImport)
    .option('--as-of <instant>', about.asOf, instant)
    .option('--update', about.update, false)
    .option('--differences <file>', about.differences);
  coupons
    .command('candidates')
    .description(about.couponsCandidates)
    .requiredOption('--campaign <id>', about.campaignId)
    .action((options: { campaign: string }) =>
      withContext('nothing', (context, terminal) => couponsCandidates(context, terminal, options)),
    );
  coupons
    .command('extend')
    .description(about.couponsExtend)
    .requiredOption('--campaign <id>', about.campaignId)
    .option('--coupon <number>', about.coupon)
    .requiredOption(
      '--reason <reason>',
      `${about.reason}: ${[...new Set([...COUPON_ACTS.extend_coupons, ...COUPON_ACTS.extend_coupon])].join(', ')}`,
    )
    .requiredOption('--evidence <text>', about.evidence)
    .action((options: CouponActArgs) => withContext('nothing', (context, terminal) => couponsExtend(context, terminal, options)));
  coupons
    .command('put-back')
    .description(about.couponsPutBack)
    .argument('<number>', about.coupon)
    .requiredOption('--campaign <id>', about.campaignId)
    .requiredOption('--payment <number>', about.payment, (number: string, all: string[] = []) => [...all, number])
    .requiredOption('--reason <reason>', `${about.reason}: ${COUPON_ACTS.put_back.join(', ')}`)
    .requiredOption('--evidence <text>', about.evidence)
    .action((coupon: string, options: CouponActArgs) =>
      withContext('nothing', (context, terminal) => couponsPutBack(context, terminal, { ...options, coupon })),
    );

  const cutoff = program.command('cutoff').description(about.cutoff);
  cutoff
    .command('plan')
    .description(about.cutoffPlan)
    .requiredOption('--campaign <id>', about.campaignId)
    .action((options: { campaign: string }) => withContext('nothing', (context, terminal) => cutoffPlan(context, terminal, options)));
  cutoff
    .command('run')
    .description(about.cutoffRun)
    .requiredOption('--campaign <id>', about.campaignId)
    .option('--dry-run', about.dryRun, false)
    .option('--with-differences', about.withDifferences, false)
    .action((options: { campaign: string; dryRun: boolean; withDifferences: boolean }) =>
      withContext('resume', (context, terminal) => cutoffRun(context, terminal, options)),
    );

  program
    .command('stock')
    .description(about.stock)
    .command('load')
    .description(about.stockLoad)
    .argument('<file>', about.file)
    .requiredOption('--campaign <id>', about.campaignId)
    .requiredOption('--provider <id>', about.provider)
    .option('--yen <number>', about.faceValue, wholeYen)
    .action((file: string, options: { campaign: string; provider: string; yen?: number }) =>
      withContext('nothing', (context, terminal) => stockLoad(context, terminal, { file, ...options })),
    );

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

  const staff = program.command('staff').description(about.staff);
  staff
    .command('invite')
    .description(about.staffInvite)
    .requiredOption('--login <login>', about.login)
    .option('--name <name>', about.staffName)
    .option('--role <role>', `${about.role}: ${ROLES.join(', ')}`)
    .option('--campaign <id...>', about.staffCampaigns)
    .option('--again', about.again, false)
    .action((options: { login: string; name?: string; role?: string; campaign?: string[]; again: boolean }) =>
      withContext('nothing', (context, terminal) => staffInvite(context, terminal, options)),
    );
  staff
    .command('list')
    .description(about.staffList)
    .action(() => withContext('nothing', staffList));
  staff
    .command('disable')
    .description(about.staffDisable)
    .argument('<login>', about.login)
    .action((login: string) => withContext('nothing', (context, terminal) => staffDisable(context, terminal, { login })));
  staff
    .command('totp')
    .description(about.staffTotp)
    .argument('<login>', about.login)
    .action((login: string) => withContext('nothing', (context, terminal) => staffTotp(context, terminal, { login })));

  program
    .command('lapse')
    .description(about.lapse)
    .requiredOption('--campaign <id>', about.campaignId)
    .option('--dry-run', about.dryRun, false)
    .action((options: { campaign: string; dryRun: boolean }) =>
      withContext('resume', (context, terminal) => lapse(context, terminal, options)),
    );

  const count =
    (option: string) =>
    (text: string): number => {
      if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError(texts.errors.number(option, text));
      return Number(text);
    };
  program
    .command('bounces')
    .description(about.bounces)
    .requiredOption('--file <file>', about.bouncesFile)
    .action((options: { file: string }) => withContext('resume', (context, terminal) => bounces(context, terminal, options)));

  program
    .command('letters')
    .description(about.letters)
    .option('--campaign <id>', about.campaignId)
    .option('--out <folder>', about.lettersOut)
    .option('--batch <letters>', about.lettersBatch, count('--batch'), 500)
    .option('--again <number>', about.lettersAgain, count('--again'))
    .action((options: Omit<LettersArgs, 'campaign'> & { campaign?: string }) =>
      withContext('resume', (context, terminal) => withCampaign(context, terminal, options, (whole) => letters(context, terminal, whole))),
    );

  addSendCommands(program, texts, withContext);

  program
    .command('migrate')
    .description(about.migrate)
    .action(() => act('resume', (terminal, env) => migrate(terminal, env)));

  try {
    inherit(program);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

/** Subcommands speak and end as the program does. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}

function languageOf(argv: readonly string[], env: CliIo['env']): 'ja' | 'en' {
  const at = argv.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const asked = at < 0 ? undefined : (argv[at]?.split('=', 2)[1] ?? argv[at + 1]);
  return (asked ?? env.LANG ?? '').startsWith('en') ? 'en' : 'ja';
}
