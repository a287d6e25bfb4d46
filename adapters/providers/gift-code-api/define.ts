import { createHash } from 'node:crypto';
import type { Brand, Capabilities, ProviderDefinition } from '../port';
import { connectGiftCodes, type GiftProduct } from './client';
import { type GiftCodeSettings, giftCodeSettings } from './settings';

export interface GiftCodeProvider {
  readonly id: string;
  /** Beginning of its environment variables: `PONTA`. */
  readonly prefix: string;
  /** Id in the server's catalogue when none is configured. */
  readonly productId: string;
  readonly product: GiftProduct;
  readonly brand: Brand;
  /** How bought codes of this product are delivered. */
  readonly stockFormat: ProviderDefinition['stock']['format'];
}

const DAY_MS = 86_400_000;

/** What the gift-code API promises (`openapi.yaml`, description), with our own time limit and pauses. */
const CAPABILITIES: Capabilities = {
  codes: 'stored',
  repeatable: true,
  // Steps 4 to 6 of "Order of checks" come after the look at the key, so these speak of the key as well.
  settlingDeclines: ['never_seen', 'invalid_amount', 'out_of_stock', 'insufficient_funds'],
  lookup: true,
  cancel: true,
  funds: true,
  keyHorizonMs: 400 * DAY_MS,
  settleAfterMs: 60_000,
  ratePerSecond: 10,
  throttlePauseMs: 10_000,
  timeLimitMs: 10_000,
};

/** Makes a provider out of its own data and the shared client of the gift-code API. */
export function defineGiftCodeProvider(provider: GiftCodeProvider): ProviderDefinition<GiftCodeSettings> {
  return {
    id: provider.id,
    capabilities: CAPABILITIES,
    brand: provider.brand,
    settings: giftCodeSettings(provider.prefix, provider.productId),
    providerKey: (issuanceId) => `uk-${createHash('sha256').update(issuanceId, 'utf8').digest('hex').slice(0, 37)}`,
    connect: (settings, options) =>
      connectGiftCodes(settings, provider.product, { timeLimitMs: options?.timeLimitMs ?? CAPABILITIES.timeLimitMs }),
    stock: { format: provider.stockFormat, codePattern: provider.product.codePattern },
  };
}
