import { bounces } from './bounces';
import { type CommandKit, wholeNumber } from './command-kit';
import { lapse } from './lapse';
import { type LettersArgs, letters } from './letters';
import { withCampaign } from './with-campaign';

/** `lapse`, `bounces` and `letters`: what a worker does as well, at once. */
export function addWorkCommands({ program, texts, withContext }: CommandKit): void {
  const { about } = texts;
  program
    .command('lapse')
    .description(about.lapse)
    .requiredOption('--campaign <id>', about.campaignId)
    .option('--dry-run', about.dryRun, false)
    .action((options: { campaign: string; dryRun: boolean }) =>
      withContext('resume', (context, terminal) => lapse(context, terminal, options)),
    );

  const count = (option: string) => wholeNumber({ texts }, option, 4);
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
}
