import { settingsSpec } from '../../providers/settings';
import { type ChannelDefinition, failed } from '../port';

/** Mail to this domain comes back, so that a rehearsal can show what follows. */
const BOUNCES = '@bounce.example';

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
        if (message.kind === 'mail' && message.to.endsWith(BOUNCES)) {
          await keep?.(message, now, { returned: true }).catch(() => undefined);
          return failed('unknown_address');
        }
        try {
          await keep?.(message, now);
        } catch {
          // Keeping it again keeps it once.
          return { kind: 'unknown', cause: 'never_sent' };
        }
        if (!keep) return { kind: 'unknown', cause: 'never_sent' };
        // As in life: a mail server says that it took a mail, a phone that it has an SMS.
        return { kind: message.kind === 'mail' ? 'accepted' : 'delivered', reference: message.id };
      },
      async close() {},
    };
  },
};

export default outbox;
