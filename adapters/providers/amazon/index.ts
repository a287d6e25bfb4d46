import { createHash } from 'node:crypto';
import type { Capabilities, ProviderDefinition } from '../port';
import { brand } from './brand';
import { connectAmazon } from './connection';
import { type AmazonSettings, amazonSettings } from './settings';
import { CLAIM_CODE } from './wire';

/** Amazon Incentives API, FAQ and Errors; what is assumed is marked in the README. */
const capabilities: Capabilities = {
  codes: 'refetch',
  repeatable: true,
  // Nothing is known about the order in which Amazon checks funds, limits and ids, so no decline of a repeat settles it.
  settlingDeclines: [],
  lookup: false,
  cancel: true,
  funds: true,
  keyHorizonMs: 365 * 86_400_000,
  settleAfterMs: 10_000,
  ratePerSecond: 10,
  throttlePauseMs: 10_000,
  timeLimitMs: 6_000,
};

/** Length of the hashed part of an id: five letters and 32 characters stay under Amazon's limit of 40. */
const HASH_LENGTH = 32;

const amazon: ProviderDefinition<AmazonSettings> = {
  id: 'amazon',
  capabilities,
  brand,
  settings: amazonSettings,
  providerKey(issuanceId, settings) {
    const hash = BigInt(`0x${createHash('sha256').update(issuanceId, 'utf8').digest('hex')}`);
    return settings.partnerId + hash.toString(36).padStart(50, '0').slice(-HASH_LENGTH);
  },
  connect: (settings, options) => connectAmazon(settings, { timeLimitMs: options?.timeLimitMs ?? capabilities.timeLimitMs }),
  stock: { format: 'gift_ids', codePattern: CLAIM_CODE },
};

export default amazon;
