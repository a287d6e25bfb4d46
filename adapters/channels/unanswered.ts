import type { HttpAnswer } from '../http';
import type { SendOutcome } from './port';

type NoAnswer = Exclude<HttpAnswer, { kind: 'answer' }>;

/** A sending that brought no usable answer, in the port's words. */
export function unanswered(answer: NoAnswer): SendOutcome {
  return answer.kind === 'never_sent' ? { kind: 'unknown', cause: 'never_sent', detail: answer.detail } : unasked(answer);
}

/** A look-up that did not get through has found out nothing, least of all that nothing was sent. */
export function unasked(answer: NoAnswer): SendOutcome {
  switch (answer.kind) {
    case 'never_sent':
      return { kind: 'unknown', cause: 'connection_lost', detail: answer.detail };
    case 'redirected':
      return { kind: 'unknown', cause: 'unlisted', detail: String(answer.status) };
    case 'no_answer':
      return { kind: 'unknown', cause: answer.cause === 'unreadable' ? 'unlisted' : answer.cause, detail: answer.detail };
  }
}
