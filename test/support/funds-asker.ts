import { makeDb, makePool } from '#db/database';
import { systemClock } from '~/clock';
import type { Portal, Provider } from '~/portal';
import { askFunds } from '~/services/ask-funds';

/** A process of its own that asks for funds as fast as it can and reports each question that really went out. */
const db = makeDb(makePool(process.argv[2] ?? '', { max: 1, name: 'test-funds' }));
const provider = {
  id: 'amazon',
  connection: {
    funds: async ({ now }: { now: Date }) => {
      process.send?.(now.getTime());
      return { kind: 'funds', yen: 1_000, at: now };
    },
  },
} as unknown as Provider;

let on = true;
process.on('message', () => {
  on = false;
});
while (on) await askFunds({ db, clock: systemClock } as unknown as Portal, provider);
await db.destroy();
process.disconnect();
