import type { ChannelCapabilities } from '#adapters/channels/port';

/** How long after a call's own time limit a worker counts as dead. */
const LEASE_MARGIN_MS = 60_000;

/** For how long nobody else touches what a worker has taken to send by a channel. */
export function leaseMs({ timeLimitMs }: Pick<ChannelCapabilities, 'timeLimitMs'>): number {
  return timeLimitMs * 2 + LEASE_MARGIN_MS;
}
