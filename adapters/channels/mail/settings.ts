import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { SettingsSpec } from '../../providers/port';
import { settingsSpec, token } from '../../providers/settings';

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Where bounces go; undefined: to the From address. */
  readonly bouncesTo: string | undefined;
  /** Whether the envelope sender bears the message's id (`bounces+<id>@`), so that a bounce is known by where it comes to. */
  readonly bouncesById: boolean;
  /** Together or not at all: who signs, under which name in the DNS, and the key as PEM. */
  readonly dkimDomain: string | undefined;
  readonly dkimSelector: string | undefined;
  readonly dkimKey: string | undefined;
}

/** PKCS#8 in one line of base64, as a PEM. */
const privateKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .transform((text, context) => {
    try {
      const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
      if (key.asymmetricKeyType === 'rsa') return key.export({ format: 'pem', type: 'pkcs8' }).toString();
    } catch {
      // Said below, without a word of the key.
    }
    context.addIssue({ code: 'custom', message: 'not an RSA key' });
    return z.NEVER;
  });

const spec = settingsSpec<MailSettings>({
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
  bouncesById: {
    variable: 'MAIL_BOUNCES_BY_ID',
    about: 'yes: the envelope sender is bounces+<id>@ of MAIL_BOUNCES_TO, where that mailbox takes every "+"; no when unset',
    secret: false,
    example: 'no',
    schema: z
      .enum(['yes', 'no'])
      .default('no')
      .transform((word) => word === 'yes'),
  },
  dkimDomain: {
    variable: 'MAIL_DKIM_DOMAIN',
    about: 'domain that signs our mail (DKIM), the one of the senders; unset: the mail server signs, or nobody',
    secret: false,
    example: '',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,253}$/)
      .optional(),
  },
  dkimSelector: {
    variable: 'MAIL_DKIM_SELECTOR',
    about: 'selector under which the public key stands in the DNS, with MAIL_DKIM_DOMAIN',
    secret: false,
    example: '',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,63}$/)
      .optional(),
  },
  dkimKey: {
    variable: 'MAIL_DKIM_KEY',
    about: 'RSA private key that signs, PKCS#8 (DER) as base64 in one line, with MAIL_DKIM_DOMAIN',
    secret: true,
    example: '',
    schema: privateKey.optional(),
  },
});

/** The mail server that takes our mail over (a relay of the house or a service), and how we sign. */
export const mailSettings: SettingsSpec<MailSettings> = {
  variables: spec.variables,
  parse(env) {
    const read = spec.parse(env);
    if (!read.ok) return read;
    const { bouncesById, bouncesTo, dkimDomain, dkimSelector, dkimKey } = read.settings;
    if (bouncesById && !bouncesTo) return { ok: false, problems: ['MAIL_BOUNCES_BY_ID needs MAIL_BOUNCES_TO'] };
    const given = [dkimDomain, dkimSelector, dkimKey].filter(Boolean).length;
    if (given === 0 || given === 3) return read;
    return { ok: false, problems: ['MAIL_DKIM_DOMAIN, MAIL_DKIM_SELECTOR and MAIL_DKIM_KEY go together: set all three or none'] };
  },
};
