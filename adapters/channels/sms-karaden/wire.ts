import { z } from 'zod';
import { failed, type SendOutcome } from '../port';

/**
 * The messages of Karaden's SMS API, version 2024-03-01 (its pages on sending, listing and common matters, and the
 * OpenAPI mock that comes with its open client for PHP).
 */
export const VERSION = '2024-03-01';
/** Longest text in characters. */
export const LONGEST = 660;

const message = z.object({
  id: z.string().min(1).max(64),
  status: z.string(),
  result: z.string().nullish(),
  sent_result: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  created_at: z.string().default(''),
});
export type KaradenMessage = z.infer<typeof message>;

const list = z.object({ object: z.literal('list'), has_more: z.boolean().default(false), data: z.array(message) });
const problem = z.object({ code: z.string(), errors: z.record(z.string(), z.unknown()).optional() });

/** Reads one message; null: not one. */
export function readMessage(body: string): KaradenMessage | null {
  return message.safeParse(json(body)).data ?? null;
}

/** Reads a list; null: not one. */
export function readList(body: string): z.infer<typeof list> | null {
  return list.safeParse(json(body)).data ?? null;
}

/** What has become of a message that Karaden has. Words that are not listed here say nothing. */
export function outcomeOfMessage({ id, status, result, sent_result }: KaradenMessage): SendOutcome {
  switch (status) {
    case 'waiting':
      return { kind: 'sent', reference: id };
    case 'canceled':
      return failed('rejected', 'canceled');
    case 'error':
      return failed('rejected', 'error');
    case 'done':
      switch (sent_result ?? result ?? 'none') {
        case 'received':
          return { kind: 'delivered', reference: id };
        case 'none':
          return { kind: 'sent', reference: id };
        case 'unconnected':
          return failed('unreachable', 'unconnected');
        case 'error':
          return failed('rejected', 'done_error');
        default:
          // "unknown": the carrier told nothing. It may be on the phone.
          return { kind: 'sent', reference: id };
      }
    default:
      return { kind: 'unknown', cause: 'unlisted', detail: 'status' };
  }
}

/** What an answer other than 2xx to a sending says: only a listed no is one. */
export function outcomeOfProblem(status: number, body: string): SendOutcome {
  const found = problem.safeParse(json(body)).data;
  if (status === 429) return failed('busy', '429');
  if (!found) return { kind: 'unknown', cause: 'unlisted', detail: String(status) };
  switch (found.code) {
    case 'validation_error':
      return failed(found.errors && 'to' in found.errors ? 'bad_address' : 'rejected', 'validation_error');
    case 'unauthentication':
    case 'invalid_tenant':
      return failed('sender_refused', found.code);
    default:
      return { kind: 'unknown', cause: 'unlisted', detail: String(status) };
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
