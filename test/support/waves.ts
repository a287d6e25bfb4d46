import type { OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import type { WavePlan } from '~/domain/wave';
import type { Sending } from '~/portal';

/** Messages are under way between 9 and 20 o'clock on all days of May. */
export const PLAN: WavePlan = {
  group: 'app',
  purpose: 'invitation',
  hours: { fromOn: '2023-05-01', untilOn: '2023-05-31', firstHour: 9, endHour: 20 },
  perHour: null,
  domainPerHour: {},
  warmUp: [],
};

/** A channel for mail and SMS that keeps what it took and answers as told. */
export function modelSending(answer: (message: OutgoingMessage) => SendOutcome, more: { repeatable?: boolean } = {}) {
  const took: OutgoingMessage[] = [];
  const channel = {
    id: 'model',
    capabilities: {
      carries: ['mail', 'sms'] as const,
      repeatable: false,
      lookup: false,
      settleAfterMs: 0,
      ratePerSecond: 10,
      concurrency: 1,
      timeLimitMs: 60_000,
      ...more,
    },
    connection: {
      async send(message: OutgoingMessage) {
        took.push(message);
        return answer(message);
      },
      async close() {},
    },
  };
  const sending: Sending = {
    publicUrl: 'https://uketori.example',
    channels: new Map([
      ['mail', channel],
      ['sms', channel],
    ]),
  };
  return { took, sending };
}
