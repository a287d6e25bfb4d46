import mail from './mail';
import outbox from './outbox';
import type { ChannelDefinition } from './port';
import smsKaraden from './sms-karaden';
import smsTwilio from './sms-twilio';

/** Every channel. Of those that carry a kind of address, the first that is configured is used. The only place in production that names one. */
// biome-ignore format: one line for each channel
export const channels: readonly ChannelDefinition[] = [
  mail,
  smsKaraden,
  smsTwilio,
  outbox,
];
