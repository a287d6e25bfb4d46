import { z } from 'zod';
import { baseUrl, settingsSpec, token } from '../settings';

export interface AmazonSettings {
  readonly baseUrl: string;
  readonly partnerId: string;
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly region: string;
}

/** Amazon Incentives API, Endpoints and Security. */
export const amazonSettings = settingsSpec<AmazonSettings>({
  baseUrl: {
    variable: 'AMAZON_BASE_URL',
    about: 'address of the Amazon Incentives API (Japan: https://agcod-v2-fe.amazon.com, sandbox https://agcod-v2-fe-gamma.amazon.com)',
    secret: false,
    example: 'https://agcod-v2-fe-gamma.amazon.com',
    schema: baseUrl,
  },
  partnerId: {
    variable: 'AMAZON_PARTNER_ID',
    about: 'partner id issued by Amazon: one capital and four small letters',
    secret: false,
    example: 'Uketo',
    schema: z.string().regex(/^[A-Z][a-z]{4}$/),
  },
  accessKeyId: {
    variable: 'AMAZON_ACCESS_KEY_ID',
    about: 'access key id of the partner account, at least 8 characters',
    secret: false,
    example: 'TESTACCESSKEYID00001',
    schema: token(8),
  },
  secretKey: {
    variable: 'AMAZON_SECRET_KEY',
    about: 'secret key of the partner account, at least 16 characters',
    secret: true,
    example: 'TEST-amazon-secret-key-not-for-real-use',
    schema: token(16),
  },
  region: {
    variable: 'AMAZON_REGION',
    about: 'signing region; Japan is us-west-2, which is also taken when unset',
    secret: false,
    example: 'us-west-2',
    schema: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .default('us-west-2'),
  },
});
