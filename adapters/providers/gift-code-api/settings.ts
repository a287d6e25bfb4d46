import { z } from 'zod';
import type { SettingsSpec } from '../port';
import { baseUrl, settingsSpec, token } from '../settings';

export interface GiftCodeSettings {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
  readonly productId: string;
}

/**
 * The settings of a provider behind the gift-code API: `<PREFIX>_BASE_URL`, `_KEY_ID`, `_SECRET`, `_PRODUCT_ID`.
 *
 * @param productId is taken when `_PRODUCT_ID` is unset
 */
export function giftCodeSettings(prefix: string, productId: string): SettingsSpec<GiftCodeSettings> {
  const host = prefix.toLowerCase();
  return settingsSpec<GiftCodeSettings>({
    baseUrl: {
      variable: `${prefix}_BASE_URL`,
      about: 'address of the gift-code API server, with any path prefix, without /v1',
      secret: false,
      example: `https://${host}.example`,
      schema: baseUrl,
    },
    keyId: {
      variable: `${prefix}_KEY_ID`,
      about: 'id of the signing key, at least 4 characters',
      secret: false,
      example: `TEST-${host}-key-1`,
      schema: token(4, 128),
    },
    secret: {
      variable: `${prefix}_SECRET`,
      about: 'signing secret that belongs to the key id, at least 24 characters',
      secret: true,
      example: `TEST-${host}-secret-not-for-real-use`,
      schema: token(24),
    },
    productId: {
      variable: `${prefix}_PRODUCT_ID`,
      about: `id of the product in the server's catalogue; ${productId} when unset`,
      secret: false,
      example: productId,
      schema: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,39}$/)
        .default(productId),
    },
  });
}
