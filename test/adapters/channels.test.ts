import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import mail from '#adapters/channels/mail';
import type { ChannelConnection, ChannelDefinition, OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import { FAILURES } from '#adapters/channels/port';
import { channels } from '#adapters/channels/registry';
import smsKaraden from '#adapters/channels/sms-karaden';
import { type KaradenManner, type KaradenStandIn, startKaraden } from '#adapters/channels/sms-karaden/stand-in';
import smsTwilio from '#adapters/channels/sms-twilio';
import { startTwilio, type TwilioManner, type TwilioStandIn } from '#adapters/channels/sms-twilio/stand-in';
import { signatureOf } from '#adapters/channels/sms-twilio/wire';
import { readBounce } from '~/services/parts/read-bounce';
import { bounceMail } from '../support/bounces';
import { SMTP_CA, type SmtpManner, type SmtpTestServer, startSmtp } from '../support/smtp';

/** What the other side can do to a message, in words that fit every channel. */
type Deed =
  | 'takes it'
  | 'refuses it'
  | 'is busy'
  | 'is not there'
  | 'ends before'
  | 'ends after'
  | 'stalls before'
  | 'stalls after'
  // Of gateways that are spoken to by HTTP.
  | 'fails after'
  | 'tears its answer'
  | 'redirects'
  | 'floods';

/** One channel under test with its other side. */
interface Harness {
  readonly connection: ChannelConnection;
  /** False: nothing of the kind can happen to this channel. */
  let(deed: Deed): boolean;
  /** What arrived, by our id. */
  arrived(): string[];
  stop(): Promise<void>;
}

let smtp: SmtpTestServer;
let karaden: KaradenStandIn;
let twilio: TwilioStandIn;
const LIMIT_MS = 1_200;

beforeAll(async () => {
  smtp = await startSmtp();
  karaden = await startKaraden(KARADEN);
  twilio = await startTwilio(TWILIO);
});
afterAll(() => Promise.all([smtp.stop(), karaden.stop(), twilio.stop()]));

const SMTP_DEEDS: Partial<Record<Deed, SmtpManner>> = {
  'takes it': 'well',
  'refuses it': 'refuse',
  'is busy': 'greylist',
  'ends before': 'drop before',
  'ends after': 'drop after',
  'stalls before': 'stall before',
  'stalls after': 'stall after',
};

const UNSIGNED = { dkimDomain: undefined, dkimSelector: undefined, dkimKey: undefined };
interface MailOptions {
  readonly ca?: string;
  readonly host?: string;
  readonly user?: string;
  readonly bouncesById?: boolean;
  readonly dkim?: { readonly dkimDomain: string; readonly dkimSelector: string; readonly dkimKey: string };
}

function connectMail(port: number, options: MailOptions = {}): ChannelConnection {
  const { ca = SMTP_CA, host = 'localhost', user, bouncesById = false, dkim = {} } = options;
  const settings = {
    host,
    port,
    tls: 'implicit' as const,
    user,
    password: user && 'secret-of-the-account',
    bouncesTo: 'bounces@example.jp',
    bouncesById,
    ...UNSIGNED,
    ...dkim,
  };
  return mail.connect(settings, { timeLimitMs: LIMIT_MS, ca });
}

const HTTP_DEEDS: Partial<Record<Deed, KaradenManner & TwilioManner>> = {
  'takes it': 'well',
  'refuses it': 'refuse',
  'is busy': 'busy',
  // An HTTP call that ends without an answer may always have arrived.
  'ends after': 'drop after',
  'stalls after': 'stall after',
  'fails after': 'fail after',
  'tears its answer': 'tear',
  redirects: 'redirect',
  floods: 'flood',
};
const TWILIO = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'secret-of-the-account', from: '+815011112222', callbackUrl: undefined };
const KARADEN = { tenant: 'test-tenant', apiKey: 'secret-of-the-account', serviceId: 1 };

const HARNESSES: Readonly<Record<string, () => Harness>> = {
  mail() {
    const here = connectMail(smtp.port, { user: 'uketori' });
    const away = connectMail(1);
    let there = true;
    return {
      connection: {
        send: (message, options) => (there ? here : away).send(message, options),
        close: async () => void (await Promise.all([here.close(), away.close()])),
      },
      let(deed) {
        there = deed !== 'is not there';
        const manner = SMTP_DEEDS[deed];
        if (manner) smtp.manner = manner;
        return manner !== undefined || !there;
      },
      arrived: () => smtp.taken.map(({ raw }) => /^X-Uketori-Message: (\S+)/m.exec(raw)?.[1] ?? ''),
      stop: async () => {
        smtp.manner = 'well';
      },
    };
  },
  'sms-karaden'() {
    const [here, away] = [karaden.url, 'http://127.0.0.1:2'].map((baseUrl) =>
      smsKaraden.connect({ ...KARADEN, baseUrl }, { timeLimitMs: LIMIT_MS }),
    ) as [ChannelConnection, ChannelConnection];
    let there = true;
    return {
      connection: { ...here, send: (sent, options) => (there ? here : away).send(sent, options) },
      let(deed) {
        there = deed !== 'is not there';
        const manner = HTTP_DEEDS[deed];
        if (manner) karaden.manner = manner;
        return manner !== undefined || !there;
      },
      arrived: () => karaden.kept.flatMap(({ tags }) => tags),
      stop: async () => {
        karaden.manner = 'well';
      },
    };
  },
  'sms-twilio'() {
    const callbackUrl = 'https://uketori.example/api/channels/sms-twilio';
    const [here, away] = [twilio.url, 'http://127.0.0.1:2'].map((baseUrl) =>
      smsTwilio.connect({ ...TWILIO, baseUrl, callbackUrl }, { timeLimitMs: LIMIT_MS }),
    ) as [ChannelConnection, ChannelConnection];
    let there = true;
    return {
      connection: { ...here, send: (sent, options) => (there ? here : away).send(sent, options) },
      let(deed) {
        there = deed !== 'is not there';
        const manner = HTTP_DEEDS[deed];
        if (manner) twilio.manner = manner;
        return manner !== undefined || !there;
      },
      arrived: () => twilio.kept.map(({ form }) => new URL(form.get('StatusCallback') ?? '').searchParams.get('message') ?? ''),
      stop: async () => {
        twilio.manner = 'well';
      },
    };
  },
  outbox() {
    const kept = new Map<string, OutgoingMessage>();
    let away = false;
    const outbox = channels.find(({ id }) => id === 'outbox') as ChannelDefinition;
    const connection = outbox.connect(
      {},
      {
        async keep(message) {
          if (away) throw new Error('no database');
          kept.set(message.id, message);
        },
      },
    );
    return {
      connection,
      let(deed) {
        away = deed === 'is not there';
        return deed === 'takes it' || deed === 'is not there';
      },
      arrived: () => [...kept.keys()],
      async stop() {},
    };
  },
};

const NOW = new Date('2023-05-20T10:00:00+09:00');
function message(change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    id: randomUUID(),
    attempt: 1,
    kind: 'mail',
    to: 'hayashi.sakura@example.jp',
    from: { name: 'くまもと再発見の旅事務局', address: 'noreply@uketori.example' },
    language: 'ja',
    purpose: 'resend',
    subject: '【くまもと再発見の旅事務局】受取ページのご案内',
    text: 'https://uketori.example/r/AAAAAAAAAAAAAAAAAAAAAA\n',
    html: '<p>受取ページ</p>',
    notAfter: null,
    unsubscribe: null,
    ...change,
  };
}
/** A phone where a channel carries nothing else. */
function addressOf({ capabilities }: ChannelDefinition): Partial<OutgoingMessage> {
  if (capabilities.carries.includes('mail')) return {};
  return { kind: 'sms', to: '+819012345678', subject: null, html: null };
}
const good = ['sent', 'accepted', 'delivered'];

it('every channel of the registry is under the contract', () => {
  expect(Object.keys(HARNESSES)).toEqual(channels.map(({ id }) => id));
});

describe.each(channels.map((definition) => [definition.id, definition] as const))('the channel %s', (id, definition) => {
  let harness: Harness;
  beforeAll(() => {
    harness = (HARNESSES[id] as () => Harness)();
  });
  afterAll(async () => {
    await harness.connection.close();
    await harness.stop();
  });

  const send = async (change: Partial<OutgoingMessage> = {}, signal?: AbortSignal): Promise<[OutgoingMessage, SendOutcome]> => {
    const own = message({ ...addressOf(definition), ...change });
    const outcome = await harness.connection.send(own, { now: NOW, signal });
    // Operators read details; an address or a link in one would be a leak.
    expect(JSON.stringify(outcome)).not.toMatch(/hayashi|example|AAAA|90123456|secret/);
    return [own, outcome];
  };

  it('describes itself completely', () => {
    expect(id).toMatch(/^[a-z][a-z0-9-]{0,29}$/);
    expect(definition.capabilities.carries.length).toBeGreaterThan(0);
    expect(definition.capabilities.lookup).toBe(typeof harness.connection.lookup === 'function');
    for (const { name, about } of definition.settings.variables) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(about.length).toBeGreaterThan(10);
    }
    const example = Object.fromEntries(definition.settings.variables.map(({ name, example: value }) => [name, value]));
    expect(definition.settings.parse(example)).toMatchObject({ ok: true });
  });

  it('takes a message once, with our id', async () => {
    harness.let('takes it');
    const [own, outcome] = await send();
    expect(good).toContain(outcome.kind);
    expect(harness.arrived().filter((each) => each === own.id)).toHaveLength(1);
  });

  it('says of a refusal that it is for good, and of a busy server that it is for now', async () => {
    for (const [deed, retryable] of [
      ['refuses it', false],
      ['is busy', true],
    ] as const) {
      if (!harness.let(deed)) continue;
      const [own, outcome] = await send();
      expect(outcome).toMatchObject({ kind: 'failed', retryable });
      if (outcome.kind === 'failed') expect(FAILURES[outcome.reason].retryable).toBe(retryable);
      expect(harness.arrived()).not.toContain(own.id);
    }
  });

  it('says that a message was never sent only where none arrived', async () => {
    for (const deed of ['is not there', 'ends before', 'stalls before'] as const) {
      if (!harness.let(deed)) continue;
      const [own, outcome] = await send();
      expect(outcome, deed).toMatchObject({ kind: 'unknown', cause: 'never_sent' });
      expect(harness.arrived()).not.toContain(own.id);
    }
  });

  it('does not know what became of a message that was taken without an answer, and does not send it again', async () => {
    for (const deed of ['ends after', 'stalls after', 'fails after', 'tears its answer', 'redirects', 'floods'] as const) {
      if (!harness.let(deed)) continue;
      const [own, outcome] = await send();
      expect(outcome.kind, deed).toBe('unknown');
      expect(outcome, deed).not.toMatchObject({ cause: 'never_sent' });
      expect(harness.arrived().filter((each) => each === own.id)).toHaveLength(1);
    }
    harness.let('takes it');
    expect(good).toContain((await send())[1].kind);
  });

  it('gives up at once when the worker ends', async () => {
    if (!harness.let('stalls after')) return;
    const stop = new AbortController();
    const sending = send({}, stop.signal);
    stop.abort();
    expect((await sending)[1].kind).toBe('unknown');
  });

  it('sends a repeat of an id once, where it says so', async () => {
    if (!definition.capabilities.repeatable) return;
    harness.let('takes it');
    const own = message(addressOf(definition));
    for (let i = 0; i < 3; i += 1) expect(good).toContain((await harness.connection.send(own, { now: NOW })).kind);
    expect(harness.arrived().filter((each) => each === own.id)).toHaveLength(1);
  });
});

describe('mail', () => {
  const withMail = async (
    work: (connection: ChannelConnection) => Promise<void>,
    options: Parameters<typeof connectMail>[1] = { user: 'uketori' },
  ) => {
    const connection = connectMail(smtp.port, options);
    await work(connection);
    await connection.close();
    smtp.manner = 'well';
  };
  const last = () => smtp.taken.at(-1) ?? { from: '', to: [], raw: '' };

  it('carries its own From, Message-ID and our id, and bounces to the address for them', async () => {
    await withMail(async (connection) => {
      const own = message();
      expect(await connection.send(own, { now: NOW })).toEqual({ kind: 'sent', reference: '4XyZ000001' });
      expect(last()).toMatchObject({ from: 'bounces@example.jp', to: ['hayashi.sakura@example.jp'] });
      expect(last().raw).toMatch(/^From: =\?UTF-8\?[^<]*\?= <noreply@uketori\.example>\r?$/m);
      expect(last().raw).toContain(`Message-ID: <${own.id}@uketori.example>`);
      expect(last().raw).toContain(`X-Uketori-Message: ${own.id}`);
      expect(last().raw).toContain(`X-Uketori-Attempt: ${own.attempt}`);
      expect(last().raw).toMatch(/^Content-Type: multipart\/alternative/m);
    });
  });

  it('bears its id in the envelope where asked to, so that a bounce without our marks is known by where it comes to', async () => {
    const own = { ...message(), attempt: 3 };
    await withMail((connection) => connection.send(own, { now: NOW }).then(() => {}), { user: 'uketori', bouncesById: true });
    const { from } = last();
    expect(from).toBe(`bounces+${own.id}.3@example.jp`);
    const bare = bounceMail('nobody', { mark: 'X-Other' });
    expect(await readBounce(Buffer.from(bare))).toEqual({ kind: 'no_id' });
    const known = { kind: 'report', messageId: own.id, attempt: 3, verdict: { kind: 'failed' } };
    for (const to of [from, `<${from}>`, from.toUpperCase()])
      expect(await readBounce(Buffer.from(bare.replace(/^To: .*$/m, `To: ${to}`))), to).toMatchObject(known);
    expect(await readBounce(Buffer.from(`Delivered-To: ${from}\r\n${bare}`))).toMatchObject(known);
    // As the envelope's id, and as servers wrote it that were sent mails without a number.
    for (const [envelope, attempt] of [
      [`${own.id}.3`, 3],
      [own.id, null],
    ] as const) {
      const named = bare.replace('Reporting-MTA:', `Original-Envelope-Id: ${envelope}\r\nReporting-MTA:`);
      expect(await readBounce(Buffer.from(named))).toMatchObject({ ...known, attempt });
    }
    const env = { MAIL_SMTP_HOST: 'localhost', MAIL_BOUNCES_BY_ID: 'yes' };
    expect(mail.settings.parse(env)).toMatchObject({ ok: false });
    expect(mail.settings.parse({ ...env, MAIL_BOUNCES_TO: 'bounces@example.jp' })).toMatchObject({ ok: true });
  });

  it('offers one click to stop only where there is something to stop', async () => {
    await withMail(async (connection) => {
      await connection.send(message(), { now: NOW });
      expect(last().raw).not.toMatch(/^List-Unsubscribe/im);
      await connection.send(message({ unsubscribe: { url: 'https://uketori.example/stop/abc' } }), { now: NOW });
      expect(last().raw).toContain('List-Unsubscribe: <https://uketori.example/stop/abc>\r\n');
      expect(last().raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
      await connection.send(message({ unsubscribe: { url: 'https://x.example/>\r\nBcc: b@example.jp' } }), { now: NOW });
      expect(last().raw).not.toMatch(/^(List-Unsubscribe|Bcc)/im);
    });
  });

  it('signs by DKIM where it has a key, the stop included, and takes half a set of them for a mistake', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    const env = { MAIL_SMTP_HOST: 'localhost', MAIL_DKIM_DOMAIN: 'uketori.example', MAIL_DKIM_SELECTOR: 's1', MAIL_DKIM_KEY: der };
    const read = mail.settings.parse(env);
    if (!read.ok) throw new Error(read.problems.join());
    const { dkimDomain = '', dkimSelector = '', dkimKey = '' } = read.settings;
    await withMail(
      async (connection) => {
        await connection.send(message({ unsubscribe: { url: 'https://uketori.example/stop/abc' } }), { now: NOW });
        expect(last().raw).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=uketori\.example;/m);
        expect(/DKIM-Signature:[\s\S]*? h=([^;]*);/.exec(last().raw)?.[1]).toMatch(/List-Unsubscribe-Post/i);
      },
      { user: 'uketori', dkim: { dkimDomain, dkimSelector, dkimKey } },
    );
    expect(mail.settings.parse({ ...env, MAIL_DKIM_KEY: '' })).toMatchObject({ ok: false });
    const broken = mail.settings.parse({ ...env, MAIL_DKIM_KEY: der.slice(0, 80) });
    expect(broken).toMatchObject({ ok: false });
    expect(JSON.stringify(broken)).not.toContain(der.slice(0, 40));
  });

  it.each([
    ['full', 'mailbox_full', '452 4.2.2'],
    ['filter', 'blocked', '554 5.7.1'],
    ['refuse', 'unknown_address', '550 5.1.1'],
    ['greylist', 'busy', '451 4.7.1'],
  ] as const)('a server that says "%s" means %s', async (manner, reason, detail) => {
    await withMail(async (connection) => {
      smtp.manner = manner;
      expect(await connection.send(message(), { now: NOW })).toMatchObject({ kind: 'failed', reason, detail });
    });
  });

  it('waits when our own account is closed: that says nothing about the receiver', async () => {
    await withMail(async (connection) => {
      smtp.manner = 'close the account';
      const outcome = await connection.send(message(), { now: NOW });
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'sender_refused', retryable: true });
      expect(JSON.stringify(outcome)).not.toContain('secret-of-the-account');
    });
  });

  it('sends nothing to a server whose certificate it cannot check', async () => {
    const before = smtp.taken.length;
    // Without the test's certificate authority, the system's do not know it.
    const connection = mail.connect(
      {
        host: 'localhost',
        port: smtp.port,
        tls: 'implicit',
        user: undefined,
        password: undefined,
        bouncesTo: undefined,
        bouncesById: false,
        ...UNSIGNED,
      },
      { timeLimitMs: LIMIT_MS },
    );
    expect(await connection.send(message(), { now: NOW })).toMatchObject({ kind: 'unknown', cause: 'never_sent' });
    await connection.close();
    expect(smtp.taken.length).toBe(before);
  });

  it('loses nothing and sends nothing twice when idle connections are dropped', async () => {
    await withMail(async (connection) => {
      const first = message();
      expect((await connection.send(first, { now: NOW })).kind).toBe('sent');
      smtp.dropAll();
      const second = message();
      let outcome = await connection.send(second, { now: NOW });
      if (outcome.kind === 'unknown' && outcome.cause === 'never_sent') outcome = await connection.send(second, { now: NOW });
      expect(outcome.kind).toBe('sent');
      expect(smtp.taken.filter(({ raw }) => raw.includes(second.id))).toHaveLength(1);
    });
  });

  it.each([
    'a@example.jp, b@example.jp',
    'a@example.jp\r\nBcc: b@example.jp',
    'Name <a@example.jp>',
    '"a b"@example.jp',
    'a@example.jp>',
    '',
  ])('takes %j for no address', async (to) => {
    await withMail(async (connection) => {
      const before = smtp.taken.length;
      expect(await connection.send(message({ to }), { now: NOW })).toMatchObject({ kind: 'failed', reason: 'bad_address' });
      expect(smtp.taken.length).toBe(before);
    });
  });

  it('lets no name and no subject begin a header', async () => {
    await withMail(async (connection) => {
      const evil = 'x\r\nBcc: evil@example.com\r\n\r\nbody';
      await connection.send(message({ subject: evil, from: { name: evil, address: 'noreply@uketori.example' } }), { now: NOW });
      expect(last().to).toEqual(['hayashi.sakura@example.jp']);
      expect(last().raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
    });
  });
});

describe('sms by karaden', () => {
  let connection: ChannelConnection;
  beforeAll(() => {
    connection = smsKaraden.connect({ ...KARADEN, baseUrl: karaden.url }, { timeLimitMs: LIMIT_MS });
  });
  const sms = (change: Partial<OutgoingMessage> = {}) => message({ ...addressOf(smsKaraden), text: 'ご案内', ...change });
  const lookup = (own: OutgoingMessage) => connection.lookup?.({ ...own, reference: null }, { now: NOW });

  it('writes the number as phones are dialled, our id as a tag, and until when it may go out', async () => {
    const own = sms({ notAfter: new Date('2023-05-20T20:00:00+09:00') });
    await connection.send(own, { now: NOW });
    expect(karaden.kept.at(-1)).toMatchObject({ to: '09012345678', body: 'ご案内', tags: [own.id], limitedAt: '2023-05-20T11:00:00.000Z' });
  });

  it('takes an answer that comes twice for one', async () => {
    const own = sms();
    karaden.manner = 'answer twice';
    expect(await connection.send(own, { now: NOW })).toMatchObject({ kind: 'sent' });
    karaden.manner = 'well';
    expect(await connection.send(sms(), { now: NOW })).toMatchObject({ kind: 'sent' });
    expect(karaden.kept.filter(({ tags }) => tags.includes(own.id))).toHaveLength(1);
  });

  it.each(['drop after', 'stall after', 'fail after', 'tear', 'answer late'] as const)(
    'finds a message by its tag after "%s"',
    async (manner) => {
      const own = sms();
      karaden.manner = manner;
      expect((await connection.send(own, { now: NOW })).kind).toBe('unknown');
      karaden.manner = 'well';
      expect(await lookup(own)).toMatchObject({ kind: 'sent' });
      expect(await lookup(sms())).toEqual({ kind: 'unknown', cause: 'never_sent' });
    },
  );

  it('reads the list to its end, and does not believe one that it cannot read whole', async () => {
    const own = sms();
    for (let i = 0; i < 3; i += 1) await connection.send(own, { now: NOW });
    karaden.settle(own.id, 'done', 'unconnected');
    await connection.send(own, { now: NOW });
    for (const pageSize of [1, 2, 3]) {
      karaden.pageSize = pageSize;
      expect(await lookup(own), String(pageSize)).toMatchObject({ kind: 'sent', reference: karaden.kept.at(-1)?.id });
    }
    karaden.pageSize = 1;
    for (let i = 0; i < 2; i += 1) await connection.send(own, { now: NOW });
    expect(await lookup(own)).toEqual({ kind: 'unknown', cause: 'unlisted', detail: 'pages' });
    // More is said to come and nothing does.
    karaden.pageSize = 0;
    expect(await lookup(own)).toEqual({ kind: 'unknown', cause: 'unlisted', detail: 'pages' });
    karaden.pageSize = 50;
  });

  it('takes back what was not sent on yet, and says nothing of what was', async () => {
    const own = sms();
    await connection.send(own, { now: NOW });
    const reference = karaden.kept.at(-1)?.id ?? null;
    const cancel = (change = {}) => connection.cancel?.({ ...own, reference, ...change }, { now: NOW });
    expect(await cancel()).toBeNull();
    karaden.waits = true;
    expect(await cancel({ id: randomUUID() })).toBeNull();
    expect(await cancel({ reference: null })).toBeNull();
    expect(await cancel({ reference: '../messages' })).toBeNull();
    karaden.settle(own.id, 'waiting');
    expect(await cancel()).toMatchObject({ kind: 'failed', reason: 'rejected', detail: 'canceled' });
    expect(await lookup(own)).toMatchObject({ kind: 'failed', detail: 'canceled' });
    karaden.waits = false;
  });

  it('does not take a look-up that did not get through for "never sent"', async () => {
    const own = sms();
    karaden.manner = 'close the account';
    expect(await lookup(own)).toMatchObject({ kind: 'unknown', cause: 'unlisted' });
    karaden.manner = 'well';
    const away = smsKaraden.connect({ ...KARADEN, baseUrl: 'http://127.0.0.1:2' }, { timeLimitMs: LIMIT_MS });
    expect(await away.lookup?.({ ...own, reference: null }, { now: NOW })).toMatchObject({
      kind: 'unknown',
      cause: 'connection_lost',
      detail: 'ECONNREFUSED',
    });
  });

  it.each([
    ['done', 'received', { kind: 'delivered' }],
    ['done', 'none', { kind: 'sent' }],
    ['done', 'unconnected', { kind: 'failed', reason: 'unreachable', retryable: true }],
    ['done', 'error', { kind: 'failed', reason: 'rejected', retryable: false }],
    ['done', 'unknown', { kind: 'sent' }],
    ['error', 'none', { kind: 'failed', reason: 'rejected' }],
    ['canceled', 'none', { kind: 'failed', reason: 'rejected' }],
  ] as const)('reads "%s" with "%s"', async (status, result, outcome) => {
    const own = sms();
    await connection.send(own, { now: NOW });
    karaden.settle(own.id, status, result);
    expect(await lookup(own)).toMatchObject(outcome);
  });

  it('refuses what is no Japanese mobile number, and what is too long, without a call', async () => {
    const before = karaden.kept.length;
    for (const to of ['+81962345678', '+815012345678', '+12025550123', '090-1234-5678', "+819012345678' or 1=1"])
      expect(await connection.send(sms({ to }), { now: NOW })).toMatchObject({ kind: 'failed', reason: 'bad_address' });
    expect(await connection.send(sms({ text: 'あ'.repeat(661) }), { now: NOW })).toMatchObject({ kind: 'failed', reason: 'rejected' });
    expect(karaden.kept).toHaveLength(before);
  });

  it('tells a closed account from a bad number', async () => {
    karaden.manner = 'close the account';
    expect(await connection.send(sms(), { now: NOW })).toMatchObject({ kind: 'failed', reason: 'sender_refused', retryable: true });
    karaden.manner = 'refuse';
    expect(await connection.send(sms(), { now: NOW })).toMatchObject({ kind: 'failed', reason: 'bad_address', retryable: false });
    karaden.manner = 'well';
  });
});

describe('sms by twilio', () => {
  const callbackUrl = 'https://uketori.example/api/channels/sms-twilio';
  let connection: ChannelConnection;
  beforeAll(() => {
    connection = smsTwilio.connect({ ...TWILIO, baseUrl: twilio.url }, { timeLimitMs: LIMIT_MS });
  });
  const sms = (change: Partial<OutgoingMessage> = {}) => message({ ...addressOf(smsTwilio), text: 'ご案内', ...change });

  it('says until when a message may go out, in seconds that Twilio takes', async () => {
    for (const [after, seconds] of [
      [3_600, '3600'],
      [-5, '1'],
      [90_000, '36000'],
    ] as const) {
      await connection.send(sms({ notAfter: new Date(NOW.getTime() + after * 1_000) }), { now: NOW });
      expect(twilio.kept.at(-1)?.form.get('ValidityPeriod')).toBe(seconds);
    }
  });

  it.each([
    ['sent', undefined, 'accepted', undefined],
    ['delivered', undefined, 'delivered', undefined],
    ['undelivered', 30003, 'failed', 'unreachable'],
    ['undelivered', 30006, 'failed', 'bad_address'],
    ['undelivered', 30007, 'failed', 'blocked'],
    ['failed', 30036, 'failed', 'busy'],
    ['failed', 30002, 'failed', 'sender_refused'],
    ['failed', undefined, 'failed', 'rejected'],
    ['on its way', undefined, 'unknown', undefined],
  ] as const)('reads "%s" with %s', async (status, errorCode, kind, reason) => {
    const own = sms();
    const sent = await connection.send(own, { now: NOW });
    const reference = sent.kind === 'sent' ? (sent.reference ?? null) : null;
    twilio.settle(status, errorCode);
    const found = await connection.lookup?.({ ...own, reference }, { now: NOW });
    expect(found).toMatchObject(reason ? { kind, reason } : { kind });
  });

  it('never says "never sent" of a message whose answer did not come', async () => {
    expect(await connection.lookup?.({ ...sms(), reference: null }, { now: NOW })).toMatchObject({ kind: 'unknown', cause: 'unlisted' });
    const other = await connection.lookup?.({ ...sms(), reference: `SM${'0'.repeat(32)}` }, { now: NOW });
    expect(other).toMatchObject({ kind: 'unknown', cause: 'unlisted' });
  });

  it('believes the id in a callback only with their signature over exactly this address and these fields', () => {
    const id = randomUUID();
    const sid = `SM${'2'.repeat(32)}`;
    const fields = new URLSearchParams({ MessageSid: sid, MessageStatus: 'delivered' });
    const settings = { ...TWILIO, baseUrl: twilio.url, callbackUrl };
    const ask = (signature: string | null, body = fields.toString(), message = id, attempt = '2') =>
      smsTwilio.callback?.(settings, { query: new URLSearchParams({ message, attempt }), header: () => signature, body });
    const right = signatureOf(TWILIO.authToken, `${callbackUrl}?message=${id}&attempt=2`, fields);
    expect(ask(right)).toEqual({ messageId: id, proven: { attempt: 2, reference: sid } });
    expect(ask(right, undefined, id, '1')).toBeNull();
    expect(ask(right, undefined, id, '2x')).toBeNull();
    expect(ask(right, `MessageSid=${sid}&MessageStatus=failed`)).toBeNull();
    expect(ask(right, undefined, randomUUID())).toBeNull();
    expect(ask(null)).toBeNull();
    expect(ask('x')).toBeNull();
    expect(ask(signatureOf('another', `${callbackUrl}?message=${id}&attempt=2`, fields))).toBeNull();
  });

  it('makes the signature that their documentation shows', () => {
    // The example of Twilio's page on security.
    const fields = new URLSearchParams({
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    });
    expect(signatureOf('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  });
});
