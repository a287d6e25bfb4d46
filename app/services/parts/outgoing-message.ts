import type { OutgoingMessage } from '#adapters/channels/port';
import type { GrantSheet } from '#db/grants';
import type { Message } from '#db/tables/messages';
import type { Crypto } from '../../crypto.server';
import { sendersFor } from '../../domain/campaign';
import { isBeforeDeadline } from '../../domain/deadline';
import { phraseOf, writePhrase } from '../../domain/phrase';
import { STOP_GENERATION, stopTokenOf } from '../../domain/stop-link';
import type { TextTemplate } from '../../domain/text-template';
import type { MessageFacts } from '../../messages/facts';
import { isWhole, writeMessage } from '../../messages/own-text';
import { openAddressee } from './message-row';

/**
 * Makes what is sent: the address is opened and the link derived now, and neither is kept. `isOwn`: it is written by
 * the office's own text; where that would leave out a link, the portal's is sent in its place.
 */
export function outgoingOf(
  crypto: Pick<Crypto, 'open' | 'linkToken' | 'linkDraw'>,
  {
    message,
    attempt,
    sheet,
    publicUrl,
    now,
    notAfter,
    own,
  }: {
    message: Message;
    attempt: number;
    sheet: GrantSheet;
    publicUrl: string;
    now: Date;
    notAfter: Date | null;
    own: TextTemplate | null;
  },
): { readonly outgoing: OutgoingMessage; readonly isOwn: boolean } {
  const { grant, settings } = sheet;
  const { address, name } = openAddressee(crypto, message);
  const { language, purpose, channel } = message;
  // One click stops reminders, and nothing else.
  const proof = () => crypto.linkToken(grant.id, STOP_GENERATION, grant.link_key_id);
  const stopLink = purpose === 'reminder' ? `${publicUrl}/stop/${stopTokenOf(grant.id, proof())}` : null;
  const senders = sendersFor(settings.senders, purpose);
  const facts: MessageFacts = {
    purpose,
    language,
    name,
    programme: settings.name,
    office: settings.office,
    callCentre: settings.callCentre,
    senders,
    yen: message.yen ?? sheet.residualYen,
    deadlineAt: grant.deadline_at,
    open: isBeforeDeadline(now, grant.deadline_at),
    stopLink,
    checkUrl: `${publicUrl}/check`,
    ...linkOf(crypto, publicUrl, { id: grant.id, generation: message.link_generation, keyId: grant.link_key_id, language }),
  };
  const from = { name: settings.office[language], address: senders[channel] };
  const common = {
    id: message.id,
    attempt,
    kind: channel,
    to: address,
    from,
    language,
    purpose,
    notAfter,
    unsubscribe: stopLink && channel === 'mail' ? { url: stopLink } : null,
  };
  const byOwn = own && writeMessage(facts, channel, own);
  return byOwn && isWhole(byOwn, facts)
    ? { outgoing: { ...common, ...byOwn }, isOwn: true }
    : { outgoing: { ...common, ...writeMessage(facts, channel, null) }, isOwn: false };
}

/** The link and its phrase: both or neither. */
function linkOf(
  crypto: Pick<Crypto, 'linkToken' | 'linkDraw'>,
  publicUrl: string,
  { id, generation, keyId, language }: { id: string; generation: number | null; keyId: string; language: 'ja' | 'en' },
): Pick<MessageFacts, 'link' | 'phrase'> {
  if (generation === null) return { link: null, phrase: null };
  return {
    link: `${publicUrl}/r/${crypto.linkToken(id, generation, keyId)}`,
    phrase: writePhrase(phraseOf(crypto.linkDraw(id, generation, keyId)), language),
  };
}
