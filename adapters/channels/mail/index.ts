import type { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import { type ChannelCapabilities, type ChannelDefinition, failed, type OutgoingMessage } from '../port';
import { type MailSettings, mailSettings } from './settings';
import { outcomeOf, type SmtpTrouble } from './wire';

const capabilities: ChannelCapabilities = {
  carries: ['mail'],
  // SMTP knows neither keys nor look-ups: what became of an unanswered mail can only be seen in the relay's log.
  repeatable: false,
  lookup: false,
  settleAfterMs: 0,
  ratePerSecond: 10,
  concurrency: 4,
  timeLimitMs: 60_000,
};

/** One address and nothing that could become two, or a header. */
const ONE_ADDRESS = /^[^\s@<>(),;:"\\]{1,64}@[A-Za-z0-9.-]{1,253}$/;

/** What DKIM covers; one-click stop counts only where it is among them (RFC 8058). */
const SIGNED_HEADERS =
  'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post';

/** Mail by SMTP to a server that takes it over. */
const mail: ChannelDefinition<MailSettings> = {
  id: 'mail',
  capabilities,
  settings: mailSettings,
  rehearsalOnly: false,
  connect(settings, { timeLimitMs = capabilities.timeLimitMs, ca }) {
    /** The bodies under way: whether one was begun to be read says whether a byte of it left. */
    const bodies = new Map<string, Readable>();
    const transport = nodemailer.createTransport({
      pool: true,
      host: settings.host,
      port: settings.port,
      secure: settings.tls === 'implicit',
      requireTLS: true,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) },
      ...(settings.user ? { auth: { user: settings.user, pass: settings.password ?? '' } } : {}),
      maxConnections: capabilities.concurrency,
      maxMessages: 100,
      // A message whose connection is lost is ours to judge: it may have been taken.
      maxRequeues: 0,
      connectionTimeout: timeLimitMs,
      greetingTimeout: timeLimitMs,
      socketTimeout: timeLimitMs,
      dnsTimeout: timeLimitMs,
      ...(settings.dkimDomain && settings.dkimSelector && settings.dkimKey
        ? {
            dkim: {
              domainName: settings.dkimDomain,
              keySelector: settings.dkimSelector,
              privateKey: settings.dkimKey,
              headerFieldNames: SIGNED_HEADERS,
            },
          }
        : {}),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    transport.use('stream', (one, done) => {
      const make = one.message.createReadStream.bind(one.message);
      one.message.createReadStream = (options) => {
        const body = make(options);
        bodies.set(one.message.messageId(), body);
        return body;
      };
      done();
    });
    return {
      async send(message, { signal }) {
        const { from, to } = message;
        if (!ONE_ADDRESS.test(to)) return failed('bad_address');
        const messageId = messageIdOf(message);
        try {
          const info = await transport.sendMail({
            messageId,
            from: { name: oneLine(from.name), address: from.address },
            to: { name: '', address: to },
            envelope: { from: returnPathOf(settings, message), to: [to] },
            // Servers that know RFC 3461 name the mail by our id in what they report, and send back no text of ours.
            dsn: { id: sendingId(message), return: 'headers' },
            subject: oneLine(message.subject ?? ''),
            text: message.text,
            ...(message.html ? { html: message.html } : {}),
            headers: {
              'X-Uketori-Message': message.id,
              'X-Uketori-Attempt': String(message.attempt),
              'Content-Language': message.language,
              // Nobody reads automatic answers; RFC 3834.
              'Auto-Submitted': 'auto-generated',
              ...unsubscribeHeaders(message),
            },
            signal: AbortSignal.any([AbortSignal.timeout(timeLimitMs * 2), ...(signal ? [signal] : [])]),
          });
          return { kind: 'sent', reference: referenceOf(info.response) };
        } catch (error) {
          return outcomeOf(error as SmtpTrouble, bodies.get(messageId)?.readableDidRead ?? false);
        } finally {
          bodies.delete(messageId);
        }
      },
      async close() {
        transport.close();
      },
    };
  },
};

export default mail;

/** Where bounces go; with the id in it (VERP) they are known by their address whatever else they hold. */
function returnPathOf({ bouncesTo, bouncesById }: MailSettings, message: OutgoingMessage): string {
  if (!bouncesTo) return message.from.address;
  return bouncesById ? bouncesTo.replace(/@(?=[^@]*$)/, `+${sendingId(message)}@`) : bouncesTo;
}

/** The id with the number of this sending: a late report on an earlier one must not make it be sent once more. */
function sendingId({ id, attempt }: OutgoingMessage): string {
  return `${id}.${attempt}`;
}

function messageIdOf({ id, from }: OutgoingMessage): string {
  return `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
}

/** RFC 2369 and RFC 8058; an address that is not plain https is left out. */
function unsubscribeHeaders({ unsubscribe }: OutgoingMessage): Record<string, string | { prepared: boolean; value: string }> {
  if (!unsubscribe || !/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]{1,500}$/.test(unsubscribe.url)) return {};
  return { 'List-Unsubscribe': { prepared: true, value: `<${unsubscribe.url}>` }, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** Headers are one line; nodemailer folds and encodes, this makes sure there is nothing to fold into another header. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** "250 2.0.0 Ok: queued as 4XyZ": the number by which the server's log knows the mail. */
function referenceOf(response: string): string | undefined {
  return /\b(?:queued as|id=)\s*([A-Za-z0-9.-]{4,100})/i.exec(response)?.[1];
}
