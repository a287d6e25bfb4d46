import { describe, expect, it } from 'vitest';
import { holdsCodesTo, NO_SIXTEEN_LETTERS, standInBrand } from '../../../test/support/brand';
import provider from './index';
import makeStandIn from './stand-in';
import { CODE } from './wire';

const issued = standInBrand(provider, makeStandIn);

describe('edy', () => {
  holdsCodesTo(CODE, { good: ['TESTCMFGM7V5M9GE', 'abcdEFGH12345678'], bad: NO_SIXTEEN_LETTERS });

  it('keeps its product and its numbers in the answer', async () => {
    expect(await issued(3000)).toMatchObject({
      kind: 'issued',
      issued: {
        code: expect.stringMatching(/^TEST/),
        url: expect.stringMatching(/^https:/),
        managementNo: expect.stringMatching(/^\d{10}$/),
        expiresOn: '2023-10-20',
      },
    });
  });

  it('says in both languages within how many days to receive, and up to which balance', () => {
    for (const { notes } of Object.values(provider.brand.text)) {
      expect(notes.join()).toContain('60');
      expect(notes.join()).toContain('50,000');
    }
  });
});
