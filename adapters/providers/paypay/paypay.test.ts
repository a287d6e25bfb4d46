import { describe, expect, it } from 'vitest';
import { holdsCodesTo, standInBrand } from '../../../test/support/brand';
import provider from './index';
import makeStandIn from './stand-in';
import { CODE } from './wire';

const issued = standInBrand(provider, makeStandIn);

describe('paypay', () => {
  holdsCodesTo(CODE, {
    good: ['0000518390963648'],
    bad: ['000051839096364', '00005183909636480', 'TEST518390963648', '0000-5183-9096-3648', ' 0000518390963648', '００００518390963648'],
  });

  it('has a link of its own and no management number', async () => {
    const outcome = await issued(1);
    if (outcome.kind !== 'issued') throw new Error(JSON.stringify(outcome));
    expect(outcome.issued).toMatchObject({
      code: expect.stringMatching(/^0000/),
      url: `https://paypay.example/charge/${outcome.issued.code}`,
    });
    expect(outcome.issued.managementNo).toBeUndefined();
  });

  it("gets its bought codes in the columns of PayPay's own file", () => {
    expect(provider.stock.format).toBe('charge_codes');
  });

  it('says in both languages that points cannot be withdrawn or transferred', () => {
    expect(provider.brand.text.ja.notes.join()).toMatch(/出金と譲渡/);
    expect(provider.brand.text.en.notes.join()).toMatch(/withdrawn or transferred/);
  });
});
