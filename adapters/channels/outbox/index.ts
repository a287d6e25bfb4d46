import { settingsSpec } from '../../providers/settings';
import type { ChannelDefinition } from '../port';

/** The demo's channel: what would be sent is kept and shown at /outbox, and nothing leaves the machine. */
const outbox: ChannelDefinition<object> = {
  id: 'outbox',
  capabilities: {
    carries: ['mail', 'sms'],
    repeatable: true,
    lookup: false,
    settleAfterMs: 0,
    ratePerSecond: 1_000,
    concurrency: 2,
    timeLimitMs: 5_000,
  },
  settings: settingsSpec<object>({}),
  rehearsalOnly: true,
  connect(_settings, { keep }) {
    return {
      async send(message, { now }) {
        try {
          await keep?.(message, now);
        } catch {
          // Keeping it again keeps it once.
          return { kind: 'unknown', cause: 'never_sent' };
        }
        return keep ? { kind: 'delivered', reference: message.id } : { kind: 'unknown', cause: 'never_sent' };
      },
      async close() {},
    };
  },
};

export default outbox;
