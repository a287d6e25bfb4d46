import { describe, expect, it } from 'vitest';
import { holdsCodesTo, NO_SIXTEEN_LETTERS, standInBrand } from '../../../test/support/brand';
import provider from './index';
import makeStandIn from './stand-in';
import { CODE } from './wire';

const issued = standInBrand(provider, makeStandIn);

describe('nanaco', () => {
  holdsCodesTo(CODE, { good: ['TESTQEWB48G34XE7', 'abcdEFGH12345678'], bad: NO_SIXTEEN_LETTERS });

  it('makes the registration link when the answer brings none', async () => {
    const outcome = await issued(777);
    if (outcome.kind !== 'issued') throw new Error(JSON.stringify(outcome));
    expect(outcome.issued.url).toBe(`https://www.nanaco-net.jp/pc/emServlet?gid=${outcome.issued.code}`);
  });

  it('tells what its sender must tell: terms, management number, when it can be received', () => {
    const { ja, en } = provider.brand.text;
    expect(ja.legal.join()).toContain('約款');
    expect(en.legal.join()).toContain('terms');
    expect(ja.notes.join()).toContain('管理番号');
    expect(en.notes.join()).toContain('management number');
    expect(ja.notes.join()).toContain('翌々日');
    expect(en.notes.join()).toContain('two days later');
  });
});
