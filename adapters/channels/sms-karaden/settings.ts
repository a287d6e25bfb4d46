import { z } from 'zod';
import { baseUrl, settingsSpec, token } from '../../providers/settings';

export interface KaradenSettings {
  readonly baseUrl: string;
  readonly tenant: string;
  readonly apiKey: string;
  readonly serviceId: number;
}

/** Access to the SMS API of Karaden (空電). */
export const karadenSettings = settingsSpec<KaradenSettings>({
  baseUrl: {
    variable: 'SMS_KARADEN_BASE_URL',
    about: 'where the SMS API of Karaden stands; https://prg.karaden.jp when unset',
    secret: false,
    example: 'https://prg.karaden.jp',
    schema: baseUrl.default('https://prg.karaden.jp'),
  },
  tenant: {
    variable: 'SMS_KARADEN_TENANT',
    about: 'tenant id at Karaden, part of every address',
    secret: false,
    example: '159bfd33-b9b7-f424-4755-c119b324591d',
    schema: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  },
  apiKey: {
    variable: 'SMS_KARADEN_API_KEY',
    about: 'API key at Karaden',
    secret: true,
    example: 'TEST-karaden-key-not-for-real-use',
    schema: token(1),
  },
  serviceId: {
    variable: 'SMS_KARADEN_SERVICE_ID',
    about: 'number of the service at Karaden through which messages go (it decides the sender that phones show)',
    secret: false,
    example: '1',
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  },
});
