import { describe, expect, it } from 'vitest';
import { holdsCodesTo, NO_SIXTEEN_LETTERS, standInBrand } from '../../../test/support/brand';
import provider from './index';
import makeStandIn from './stand-in';
import { CODE } from './wire';

const issued = standInBrand(provider, makeStandIn);

describe('ponta', () => {
  holdsCodesTo(CODE, { good: ['TESTGD85S4SKKE5H', 'abcdEFGH12345678'], bad: NO_SIXTEEN_LETTERS });

  it('keeps its product and its numbers in the answer', async () => {
    expect(await issued(1000)).toMatchObject({
      kind: 'issued',
      issued: {
        code: expect.stringMatching(/^TEST/),
        url: expect.stringMatching(/^https:/),
        managementNo: expect.stringMatching(/^\d{10}$/),
        expiresOn: '2023-10-20',
      },
    });
  });
});
