import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBounce } from '~/services/parts/read-bounce';
import { bounceMail, complaintMail } from '../support/bounces';

const ID = randomUUID();
const read = (mail: string | Buffer) => readBounce(typeof mail === 'string' ? Buffer.from(mail, 'latin1') : mail);
const failed = (reason: string) => ({ kind: 'report', messageId: ID, verdict: { kind: 'failed', reason } });

/** The parts of a bounce, put together as told. */
function report(
  parts: readonly { readonly headers: readonly string[]; readonly body: string }[],
  { boundary = 'b1', end = true, newline = '\r\n' } = {},
): string {
  const lines = [
    'From: MAILER-DAEMON@mx.example.jp',
    'To: bounces@example.jp',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    ...parts.flatMap(({ headers, body }) => [`--${boundary}`, ...headers, '', body]),
    ...(end ? [`--${boundary}--`] : []),
  ];
  return lines.join('\n').replace(/\r?\n/g, newline);
}

const STATUS = [
  'Reporting-MTA: dns; mx.example.jp',
  '',
  'Final-Recipient: rfc822; a@example.jp',
  'Action: failed',
  'Status: 5.1.1',
  '',
].join('\n');
const ours = { headers: ['Content-Type: message/rfc822'], body: `X-Uketori-Message: ${ID}\nSubject: x\n\ntext` };
const status = (headers: readonly string[] = ['Content-Type: message/delivery-status'], body = STATUS) => ({ headers, body });

describe('a bounce in odd MIME', () => {
  it.each([
    ['bare line feeds', report([status(), ours], { newline: '\n' })],
    ['no end of its parts', report([status(), ours], { end: false })],
    ['a boundary of odd characters', report([status(), ours], { boundary: "=_'()+,-./:=? x" })],
    [
      'a status in base64',
      report([status(['Content-Type: message/delivery-status', 'Content-Transfer-Encoding: base64'], b64(STATUS)), ours]),
    ],
    [
      'a status in quoted-printable',
      report([
        status(
          ['Content-Type: message/delivery-status', 'Content-Transfer-Encoding: quoted-printable'],
          STATUS.replace('5.1.1', '5=2E1=\n.1'),
        ),
        ours,
      ]),
    ],
    ['an international status', report([status(['Content-Type: message/global-delivery-status; charset=utf-8']), ours])],
    ['capitals', report([status(['CONTENT-TYPE: MESSAGE/DELIVERY-STATUS'], STATUS.toUpperCase()), ours])],
    [
      'the headers of our mail only',
      report([status(), { headers: ['Content-Type: text/rfc822-headers'], body: `X-Uketori-Message: ${ID}\n` }]),
    ],
    ['our mail first', report([ours, status()])],
    [
      'our mail within a forwarded one',
      report([status(), { headers: ['Content-Type: message/rfc822'], body: `Subject: Fwd\nX-Uketori-Message: ${ID}\n\n` }]),
    ],
    [
      'a name of a file',
      report([status(['Content-Type: message/delivery-status; name="=?UTF-8?B?44GC?="', 'Content-Disposition: attachment']), ours]),
    ],
    [
      'a thousand receivers',
      report([
        status(undefined, `${STATUS}\n${'Final-Recipient: rfc822; b@example.jp\nAction: delivered\nStatus: 2.0.0\n\n'.repeat(1_000)}`),
        ours,
      ]),
    ],
    ['folded fields', report([status(undefined, STATUS.replace('rfc822; a', 'rfc822;\n  a')), ours])],
  ])('with %s is understood', async (_what, mail) => {
    expect(await read(mail)).toMatchObject(failed('unknown_address'));
  });

  it.each([
    ['a status without an action', report([status(undefined, 'Status: 5.1.1\n'), ours]), 'no_report'],
    ['an empty status', report([status(undefined, ''), ours]), 'no_report'],
    ['words instead of a status (qmail)', `To: bounces@example.jp\r\n\r\nHi. This is the qmail-send program. ${ID}`, 'no_report'],
    ['a status in the name of text', report([status(['Content-Type: text/plain']), ours]), 'no_report'],
    ['half a header', 'Content-Type: multipart/report; boundary="', 'no_report'],
    [
      'an id in the text of our mail only',
      report([status(), { headers: ['Content-Type: message/rfc822'], body: `Subject: x\n\nX-Uketori-Message: ${ID}` }]),
      'no_id',
    ],
  ])('that is %s is %s', async (_what, mail, kind) => {
    expect(await read(mail)).toEqual({ kind });
  });

  it('of a megabyte in one line, of many levels or of many parts is read soon', async () => {
    for (const mail of [
      report([status(undefined, `X: ${'y'.repeat(1_000_000)}\n${STATUS}`), ours]),
      report([{ headers: ['Content-Type: text/plain'], body: 'z'.repeat(1_000_000) }, status(), ours]),
      report([...Array.from({ length: 2_000 }, () => ({ headers: ['Content-Type: text/plain'], body: 'x' })), status(), ours]),
      Array.from({ length: 200 }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`).join(''),
      `${'Received: x\r\n'.repeat(50_000)}\r\n`,
    ])
      expect((await read(mail)).kind).toMatch(/^(report|no_report|no_id|unreadable)$/);
  });

  it('is never a crash, whatever bytes are changed, lost, doubled or put in', async () => {
    const mails = [bounceMail(ID), complaintMail(ID), report([status(), ours])].map((mail) => Buffer.from(mail));
    const change = fc.record({ at: fc.nat(2_000), cut: fc.nat(60), bytes: fc.uint8Array({ maxLength: 40 }), twice: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...mails), fc.array(change, { minLength: 1, maxLength: 8 }), async (mail, changes) => {
        let raw = mail;
        for (const { at, cut, bytes, twice } of changes) {
          const head = raw.subarray(0, at);
          raw = Buffer.concat([head, bytes, twice ? head.subarray(-cut) : Buffer.alloc(0), raw.subarray(at + cut)]);
        }
        const found = await read(raw);
        expect(['report', 'no_report', 'no_id', 'unreadable']).toContain(found.kind);
      }),
      { numRuns: 400 },
    );
  });
});

function b64(text: string): string {
  return Buffer.from(text).toString('base64');
}
