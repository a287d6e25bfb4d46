import PostalMime from 'postal-mime';
import { type BounceVerdict, verdictOf } from '../../domain/bounce';

/** What a mail turned out to be. */
export type ReadBounce =
  | {
      readonly kind: 'report';
      readonly messageId: string;
      /** Which sending of it; null: nothing says. */
      readonly attempt: number | null;
      readonly verdict: BounceVerdict;
    }
  /** A report, but nothing in it says on which of our mails. */
  | { readonly kind: 'no_id' }
  /** An out-of-office note, an answer, an advertisement. */
  | { readonly kind: 'no_report' }
  | { readonly kind: 'unreadable' };

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** The number of a sending, which every mark but the Message-ID bears. */
const ATTEMPT = '(?:\\.(\\d{1,4}))?';
/** Our marks, best first: our own header, the Message-ID we give, the envelope's id. */
const MARKS = [
  new RegExp(`^X-Uketori-Message:\\s*(${UUID})\\s*$`, 'im'),
  new RegExp(`^Message-ID:\\s*<(${UUID})@`, 'im'),
  new RegExp(`^Original-Envelope-Id:\\s*(${UUID})${ATTEMPT}\\s*$`, 'im'),
] as const;
/** Our own header for the number of a sending. */
const ATTEMPT_MARK = /^X-Uketori-Attempt:\s*(\d{1,4})\s*$/im;
/** The address that bounces came to, where it bears the id (VERP). */
const VERP = new RegExp(`\\+(${UUID})${ATTEMPT}@`, 'i');
/** What is looked at of each part. */
const PART_CHARS_MAX = 64 * 1024;

/** Reads a delivery-status mail (RFC 3464) or a complaint (ARF, RFC 5965). Never throws for anything that can be in a mail. */
export async function readBounce(raw: Uint8Array): Promise<ReadBounce> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 20 }).catch(() => null);
  if (!mail) return { kind: 'unreadable' };
  const parts = mail.attachments.map(({ mimeType, content }) => ({ type: mimeType.toLowerCase(), text: textOf(content) }));
  const status = parts.find(({ type }) => /^message\/(global-)?delivery-status$/.test(type));
  const complaint = parts.find(({ type }) => type === 'message/feedback-report');
  const verdict = status ? verdictIn(status.text) : complaint ? complaintIn(complaint.text) : null;
  if (!verdict) return { kind: 'no_report' };

  const returned = parts.filter(({ type }) => /^(message\/(rfc822|global)(-headers)?|text\/rfc822(-headers)?)$/.test(type));
  const inParts = [...returned.map(({ text }) => headersOf(text)), status?.text ?? ''];
  const addresses = mail.headers.filter(({ key }) => ['to', 'delivered-to', 'x-original-to'].includes(key)).map(({ value }) => value);
  const marks = [
    ...MARKS.flatMap((mark) => inParts.flatMap((text) => marksIn(mark, text, ATTEMPT_MARK.exec(text)?.[1]))),
    ...addresses.flatMap((address) => marksIn(VERP, address)),
  ];
  const [best] = marks;
  if (!best) return { kind: 'no_id' };
  const attempt = marks.find((mark) => mark.messageId === best.messageId && mark.attempt !== null)?.attempt ?? null;
  return { kind: 'report', messageId: best.messageId, attempt, verdict };
}

function marksIn(mark: RegExp, text: string, ownAttempt?: string): { messageId: string; attempt: number | null }[] {
  const [, id, attempt = ownAttempt] = mark.exec(text) ?? [];
  return id ? [{ messageId: id.toLowerCase(), attempt: Number(attempt ?? 0) || null }] : [];
}

/** Of several receivers' results the gravest: we write to one at a time, the others are where it was passed on. */
function verdictIn(text: string): BounceVerdict | null {
  const verdicts = text.split(/\r?\n\r?\n/).flatMap((group) => {
    const action = field(group, 'Action');
    const verdict = action === null ? null : verdictOf({ action, status: field(group, 'Status') ?? '' });
    return verdict ? [verdict] : [];
  });
  return verdicts.find(({ kind }) => kind === 'failed') ?? verdicts[0] ?? null;
}

/** "not-spam" takes a complaint back; other words than those of the standard are complaints too. */
function complaintIn(text: string): BounceVerdict | null {
  const type = field(text, 'Feedback-Type')?.toLowerCase() ?? null;
  if (type === null) return null;
  return type === 'not-spam' ? { kind: 'on_its_way' } : { kind: 'complained' };
}

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*([^\\r\\n]{1,200})`, 'im').exec(text)?.[1]?.trim() ?? null;
}

function headersOf(text: string): string {
  return text.split(/\r?\n\r?\n/, 1)[0] ?? '';
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  const text = typeof content === 'string' ? content : Buffer.from(content as Uint8Array).toString('latin1');
  return text.slice(0, PART_CHARS_MAX);
}
