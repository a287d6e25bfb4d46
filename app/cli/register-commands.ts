import { type Command, InvalidArgumentError } from 'commander';
import { COUPON_ACTS } from '../domain/coupon-acts';
import { readWrittenTime } from '../domain/japan-time';
import { campaignLoad } from './campaign-load';
import { campaignRehearse } from './campaign-rehearse';
import { campaignShow } from './campaign-show';
import { type CommandKit, wholeNumber } from './command-kit';
import { type CouponActArgs, couponsCandidates, couponsExtend, couponsPutBack } from './coupons';
import { cutoffPlan, cutoffRun } from './cutoff';
import { type FileImportKind, fileImport } from './file-import';
import { stockLoad } from './stock-load';

/** `campaign`, `grants`, `payments`, `coupons`, `cutoff` and `stock`: a programme, what it owes and what it pays with. */
export function addRegisterCommands({ program, texts, lang, withContext }: CommandKit): void {
  const { about } = texts;
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
    .option('--yen <number>', about.faceValue, wholeNumber({ texts }, '--yen', 7))
    .action((file: string, options: { campaign: string; provider: string; yen?: number }) =>
      withContext('nothing', (context, terminal) => stockLoad(context, terminal, { file, ...options })),
    );
}
