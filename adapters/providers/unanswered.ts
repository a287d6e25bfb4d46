import type { HttpAnswer } from '../http';
import type { UnknownOutcome } from './port';

/** Turns a call that brought no usable answer into the port's words. */
export function unanswered(answer: Exclude<HttpAnswer, { kind: 'answer' }>): UnknownOutcome {
  switch (answer.kind) {
    case 'never_sent':
      return { kind: 'unknown', cause: 'never_sent', detail: answer.detail };
    case 'redirected':
      return { kind: 'unknown', cause: 'redirected', detail: String(answer.status) };
    case 'no_answer':
      return { kind: 'unknown', cause: answer.cause, detail: answer.detail };
  }
}
