import { describe, expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle';

describe('the production bundle', () => {
  it('holds the processes and nothing of the demo, the stand-ins or the tests', async () => {
    const inputs = Object.keys((await bundle({ write: false })).inputs);
    expect(inputs).toContain('app/entry.web.ts');
    expect(inputs).toContain('app/entry.worker.ts');
    expect(inputs.filter((file) => /^(demo|test|scripts)\/|stand-in|^db\/(seed|embedded|postgres)/.test(file))).toEqual([]);
  });
});
