import { send as sendHttp } from '../../http';
import { under } from '../../providers/settings';
import { type ChannelCapabilities, type ChannelDefinition, failed, type OutgoingMessage } from '../port';
import { unanswered, unasked } from '../unanswered';
import { type TwilioSettings, twilioSettings } from './settings';
import { LONGEST, outcomeOfMessage, outcomeOfProblem, readMessage, SID, sameSignature, signatureOf } from './wire';

const capabilities: ChannelCapabilities = {
  carries: ['sms'],
  // Neither an idempotency key nor a tag. A message is asked for by Twilio's own id, so only where its answer came.
  repeatable: false,
  lookup: true,
  settleAfterMs: 30_000,
  ratePerSecond: 10,
  concurrency: 4,
  timeLimitMs: 15_000,
};

const PHONE = /^\+[1-9]\d{6,14}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The longest that Twilio keeps a message for sending, in seconds. */
const KEEPS_MOST = 36_000;

/** SMS by Twilio. */
const smsTwilio: ChannelDefinition<TwilioSettings> = {
  id: 'sms-twilio',
  capabilities,
  settings: twilioSettings,
  rehearsalOnly: false,
  connect(settings, { timeLimitMs = capabilities.timeLimitMs }) {
    const call = (method: 'GET' | 'POST', path: string, { body, signal }: { body?: URLSearchParams; signal?: AbortSignal }) =>
      sendHttp({
        method,
        url: under(settings.baseUrl, `/2010-04-01/Accounts/${settings.accountSid}/${path}`),
        headers: {
          authorization: `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}`,
          accept: 'application/json',
          ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        body: body?.toString(),
        timeLimitMs,
        signal,
      });
    return {
      async send(message, { now, signal }) {
        if (!PHONE.test(message.to)) return failed('bad_address');
        if ([...message.text].length > LONGEST) return failed('rejected', 'too_long');
        const answer = await call('POST', 'Messages.json', { body: formOf(settings, message, now), signal });
        if (answer.kind !== 'answer') return unanswered(answer);
        if (answer.status < 200 || answer.status > 299) return outcomeOfProblem(answer.status, answer.body);
        const taken = readMessage(answer.body);
        return taken ? outcomeOfMessage(taken) : { kind: 'unknown', cause: 'unlisted', detail: 'body' };
      },
      async lookup({ reference }, { signal }) {
        // Without Twilio's id nothing tells our message from another with the same words: a person has to look.
        if (!reference) return { kind: 'unknown', cause: 'unlisted', detail: 'no_reference' };
        const answer = await call('GET', `Messages/${encodeURIComponent(reference)}.json`, { signal });
        if (answer.kind !== 'answer') return unasked(answer);
        const found = answer.status === 200 ? readMessage(answer.body) : null;
        return found?.sid === reference ? outcomeOfMessage(found) : { kind: 'unknown', cause: 'unlisted', detail: String(answer.status) };
      },
      async close() {},
    };
  },
  callback({ authToken, callbackUrl }, { query, header, body }) {
    const [id, attempt] = [query.get('message') ?? '', query.get('attempt') ?? ''];
    if (!callbackUrl || !UUID.test(id) || !/^[1-9]\d{0,3}$/.test(attempt)) return null;
    const form = new URLSearchParams(body);
    const made = signatureOf(authToken, callbackFor(callbackUrl, { id, attempt: Number(attempt) }), form);
    if (!sameSignature(header('x-twilio-signature') ?? '', made)) return null;
    const reference = form.get('MessageSid') ?? '';
    // The signature covers our id, which sending it was, and Twilio's own name for it.
    return { messageId: id, ...(SID.test(reference) && { proven: { attempt: Number(attempt), reference } }) };
  },
};

export default smsTwilio;

function callbackFor(callbackUrl: string, { id, attempt }: Pick<OutgoingMessage, 'id' | 'attempt'>): string {
  return `${callbackUrl}?message=${id}&attempt=${attempt}`;
}

function formOf({ from, callbackUrl }: TwilioSettings, message: OutgoingMessage, now: Date): URLSearchParams {
  const form = new URLSearchParams({ To: message.to, Body: message.text });
  form.set(from.startsWith('MG') ? 'MessagingServiceSid' : 'From', from);
  if (callbackUrl) form.set('StatusCallback', callbackFor(callbackUrl, message));
  if (message.notAfter) {
    const seconds = Math.floor((message.notAfter.getTime() - now.getTime()) / 1_000);
    form.set('ValidityPeriod', String(Math.min(KEEPS_MOST, Math.max(1, seconds))));
  }
  return form;
}
