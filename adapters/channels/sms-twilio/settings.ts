import { z } from 'zod';
import { baseUrl, settingsSpec, token } from '../../providers/settings';

export interface TwilioSettings {
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** A number (E.164), a short code, a name, or a messaging service (MG…). */
  readonly from: string;
  /** Where Twilio tells of changes; undefined: nowhere, and only the sweep asks. */
  readonly callbackUrl: string | undefined;
}

/** Access to Twilio's Messages API. */
export const twilioSettings = settingsSpec<TwilioSettings>({
  baseUrl: {
    variable: 'SMS_TWILIO_BASE_URL',
    about: 'where Twilio’s API stands; https://api.twilio.com when unset',
    secret: false,
    example: 'https://api.twilio.com',
    schema: baseUrl.default('https://api.twilio.com'),
  },
  accountSid: {
    variable: 'SMS_TWILIO_ACCOUNT_SID',
    about: 'account at Twilio (AC and 32 hexadecimal digits)',
    secret: false,
    example: `AC${'0'.repeat(32)}`,
    schema: z.string().regex(/^AC[0-9a-f]{32}$/),
  },
  authToken: {
    variable: 'SMS_TWILIO_AUTH_TOKEN',
    about: 'auth token at Twilio; it also signs their callbacks',
    secret: true,
    example: 'TEST-twilio-token-not-for-real-use',
    schema: token(1),
  },
  from: {
    variable: 'SMS_TWILIO_FROM',
    about: 'sender of SMS at Twilio: a number in E.164, a name of up to 11 letters, or a messaging service (MG…)',
    secret: false,
    example: '+815000000000',
    schema: z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11}|MG[0-9a-f]{32})$/),
  },
  callbackUrl: {
    variable: 'SMS_TWILIO_CALLBACK_URL',
    about: 'where Twilio tells of changes: PUBLIC_URL and /api/channels/sms-twilio; unset: it is only asked',
    secret: false,
    example: '',
    schema: z
      .url({ protocol: /^https?$/ })
      .regex(/^[^?#]+$/)
      .optional(),
  },
});
