/** Progress on standard error: standard output belongs to what the demo is asked for. */
export interface Progress {
  /** Begins a step and ends the one before. */
  step(title: string): void;
  /** How far the step has come. */
  advance(what: string): void;
  end(): void;
  /** Ends it as failed. */
  fail(): void;
}

/** Tells how far a long step is: a line that changes on a terminal, one line a step elsewhere. */
export function makeProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let title = '';
  let started = 0;
  let shown = '';
  const clear = () => {
    if (stream.isTTY && shown) stream.write('\r\u001b[2K');
    shown = '';
  };
  const show = (line: string) => {
    if (!stream.isTTY) return;
    stream.write(line);
    shown = line;
  };
  const close = (mark: string) => {
    clear();
    if (title) stream.write(`  ${mark} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
    title = '';
  };
  return {
    step(next) {
      close('✓');
      title = next;
      started = performance.now();
      show(`  … ${next}`);
    },
    advance(what) {
      const line = `  … ${title}: ${what}`;
      if (!stream.isTTY || line === shown) return;
      clear();
      show(line);
    },
    end: () => close('✓'),
    fail: () => close('✗'),
  };
}
