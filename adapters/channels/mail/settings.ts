import { z } from 'zod';
import { settingsSpec, token } from '../../providers/settings';

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Where bounces go; undefined: to the From address. */
  readonly bouncesTo: string | undefined;
}

/** The mail server that takes our mail over (a relay of the house or a service). */
export const mailSettings = settingsSpec<MailSettings>({
  host: {
    variable: 'MAIL_SMTP_HOST',
    about: 'name of the mail server that takes our mail over; it must present a certificate for this name',
    secret: false,
    example: 'smtp.example.jp',
    schema: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/),
  },
  port: {
    variable: 'MAIL_SMTP_PORT',
    about: 'its port, usually 465 (implicit TLS) or 587 (STARTTLS); 465 when unset',
    secret: false,
    example: '465',
    schema: z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.number().min(1).max(65_535))
      .default(465),
  },
  tls: {
    variable: 'MAIL_SMTP_TLS',
    about: 'implicit or starttls; implicit when unset. Mail is never sent without TLS',
    secret: false,
    example: 'implicit',
    schema: z.enum(['implicit', 'starttls']).default('implicit'),
  },
  user: {
    variable: 'MAIL_SMTP_USER',
    about: 'login at the mail server; none when unset',
    secret: false,
    example: 'uketori',
    schema: token(1).optional(),
  },
  password: {
    variable: 'MAIL_SMTP_PASSWORD',
    about: 'password at the mail server',
    secret: true,
    example: 'TEST-smtp-password-not-for-real-use',
    schema: token(1).optional(),
  },
  bouncesTo: {
    variable: 'MAIL_BOUNCES_TO',
    about: 'mail address for bounces (the envelope sender); the campaign’s own sender when unset',
    secret: false,
    example: 'bounces@example.jp',
    schema: z.email().optional(),
  },
});
