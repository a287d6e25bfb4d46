import { run } from './cli/run';

/**
 * `npm run uketori -- COMMAND`: the operator's command line. Ctrl-C ends a command in order: an import is
 * rolled back, work in batches ends after the batch it is at; a second Ctrl-C ends at once.
 */
const stop = new AbortController();
const interrupt = () => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort(new Error('interrupted'));
};
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// Whoever reads our output may stop reading (`| head`).
process.stdout.on('error', () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  env: process.env,
  signal: stop.signal,
});
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
