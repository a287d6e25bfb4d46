import { randomUUID } from 'node:crypto';
import { type KaradenManner, type KaradenStandIn, startKaraden } from '#adapters/channels/sms-karaden/stand-in';
import { type SmtpManner, type SmtpTestServer, startSmtp } from '../support/smtp';
import type { Chance } from './random';

export const KARADEN = { tenant: 'test-tenant', apiKey: 'secret-of-the-account', serviceId: 1 };

/** The receivers' side of the proof, and what it counted. */
export interface WaveWorld {
  readonly smtp: SmtpTestServer;
  readonly karaden: KaradenStandIn;
  /** What the gateway tells of what it took since it last did: twice, in another order, with forgeries between. */
  callbacks(): string[];
  /** How often each address got something. */
  arrived(): Map<string, number>;
  stop(): Promise<void>;
}

/**
 * A real SMTP server that drops every fifth mail before or after its final dot, greylists some, starts anew now and then and refuses
 * the addresses that begin with "gone", and a gateway for SMS that answers late, twice, torn or not at all. `midway` is told
 * of some messages that were taken and not answered for yet.
 */
export async function startWaveWorld({ next, pick }: Chance, midway: () => void): Promise<WaveWorld> {
  const smtp = await startSmtp((to): SmtpManner => {
    if (to.startsWith('gone')) return 'refuse';
    const luck = next();
    // Now and then it starts anew, and every connection ends.
    if (luck > 0.998) smtp.dropAll();
    if (luck < 0.1) return 'drop before';
    if (luck < 0.2) {
      if (luck > 0.198) midway();
      return 'drop after';
    }
    return luck < 0.25 ? 'greylist' : 'well';
  });
  const karaden = await startKaraden(KARADEN, (to): KaradenManner => {
    if (to.endsWith('9')) return 'refuse';
    const luck = next();
    if (luck > 0.25) return luck > 0.3 ? 'well' : 'answer twice';
    if (luck > 0.24) midway();
    return pick(['drop after', 'fail after', 'tear', 'busy', 'answer late'] as const);
  });
  let told = 0;
  return {
    smtp,
    karaden,
    callbacks() {
      const fresh = karaden.kept.slice(told);
      told = karaden.kept.length;
      const bodies = fresh.map(({ id, tags, to }) => {
        // Some phones are out of range: those never get this one.
        karaden.settleOne(id, 'done', to.endsWith('8') && next() < 0.5 ? 'unconnected' : next() < 0.7 ? 'received' : 'none');
        return JSON.stringify({ object: 'message', id, tags, status: 'done', sent_result: pick(['received', 'unconnected', 'error']) });
      });
      const forged = bodies.slice(0, 3).map(() => JSON.stringify({ id: 'x', status: 'error', tags: [randomUUID()] }));
      return [...bodies, ...bodies, ...forged, '{'].sort(() => next() - 0.5);
    },
    arrived() {
      const got = new Map<string, number>();
      const count = (address: string) => got.set(address, (got.get(address) ?? 0) + 1);
      for (const { to } of smtp.taken) for (const address of to) count(address);
      for (const { to, result } of karaden.kept) if (result !== 'unconnected') count(to);
      return got;
    },
    async stop() {
      await Promise.all([smtp.stop(), karaden.stop()]);
    },
  };
}
