import { send as sendHttp } from '../../http';
import { under } from '../../providers/settings';
import { type ChannelCapabilities, type ChannelDefinition, failed, type OutgoingMessage } from '../port';
import { unanswered, unasked } from '../unanswered';
import { type KaradenSettings, karadenSettings } from './settings';
import { type KaradenMessage, LONGEST, outcomeOfMessage, outcomeOfProblem, readList, readMessage, VERSION } from './wire';

const capabilities: ChannelCapabilities = {
  carries: ['sms'],
  // There is no idempotency key. Our id travels as a tag, and the list can be asked for a tag.
  repeatable: false,
  lookup: true,
  settleAfterMs: 60_000,
  ratePerSecond: 10,
  concurrency: 4,
  timeLimitMs: 15_000,
};

/** A Japanese mobile number in E.164. */
const MOBILE = /^\+81([6789]0\d{8})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LIST_BYTES_MAX = 256 * 1024;
/** One message is tried a few times at most: a list of its tag that goes on for longer is not believed. */
const PAGES_MOST = 5;

/** SMS by Karaden (空電). */
const smsKaraden: ChannelDefinition<KaradenSettings> = {
  id: 'sms-karaden',
  capabilities,
  settings: karadenSettings,
  rehearsalOnly: false,
  connect(settings, { timeLimitMs = capabilities.timeLimitMs }) {
    const call = (method: 'GET' | 'POST', path: string, { body, signal }: { body?: URLSearchParams; signal?: AbortSignal }) =>
      sendHttp({
        method,
        url: under(settings.baseUrl, `/api/${settings.tenant}/${path}`),
        headers: {
          authorization: `Bearer ${settings.apiKey}`,
          'karaden-version': VERSION,
          accept: 'application/json',
          ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        body: body?.toString(),
        timeLimitMs,
        signal,
        maxBytes: LIST_BYTES_MAX,
      });
    return {
      async send(message, { signal }) {
        const digits = MOBILE.exec(message.to)?.[1];
        if (!digits) return failed('bad_address');
        if ([...message.text].length > LONGEST) return failed('rejected', 'too_long');
        const answer = await call('POST', 'messages', { body: formOf(settings, message, `0${digits}`), signal });
        if (answer.kind !== 'answer') return unanswered(answer);
        if (answer.status < 200 || answer.status > 299) return outcomeOfProblem(answer.status, answer.body);
        const taken = readMessage(answer.body);
        // A yes about another message is none about ours.
        return taken?.tags.includes(message.id) ? outcomeOfMessage(taken) : { kind: 'unknown', cause: 'unlisted', detail: 'body' };
      },
      async lookup({ id }, { signal }) {
        const found = new Map<string, KaradenMessage>();
        let isWhole = false;
        for (let page = 1; page <= PAGES_MOST && !isWhole; page += 1) {
          const asked = new URLSearchParams({ tag: id, ...(page > 1 && { page: String(page) }) });
          const answer = await call('GET', `messages?${asked}`, { signal });
          if (answer.kind !== 'answer') return unasked(answer);
          const list = answer.status === 200 ? readList(answer.body) : null;
          if (!list) return { kind: 'unknown', cause: 'unlisted', detail: String(answer.status) };
          // A page that shows what was shown before is not the one that was asked for, and the list was not read whole.
          if (list.data.some((one) => found.has(one.id))) break;
          for (const one of list.data) found.set(one.id, one);
          isWhole = !list.has_more;
        }
        if (!isWhole) return { kind: 'unknown', cause: 'unlisted', detail: 'pages' };
        // Tried twice after a sure no, it stands there twice: the last one counts.
        const own = [...found.values()].filter(({ tags }) => tags.includes(id));
        const last = own.reduce<KaradenMessage | null>((late, one) => (late && late.created_at > one.created_at ? late : one), null);
        if (last) return outcomeOfMessage(last);
        return { kind: 'unknown', cause: found.size > 0 ? 'unlisted' : 'never_sent' };
      },
      async cancel({ id, reference }, { signal }) {
        if (!reference) return null;
        const answer = await call('POST', `messages/${encodeURIComponent(reference)}/cancel`, { signal });
        const taken = answer.kind === 'answer' && answer.status === 200 ? readMessage(answer.body) : null;
        // Every other answer, "can not be cancelled any more" included, says nothing of what became of it.
        return taken?.id === reference && taken.tags.includes(id) ? outcomeOfMessage(taken) : null;
      },
      async close() {},
    };
  },
  // No signature is documented. It does not matter: all that follows is a question to the gateway itself.
  callback(_settings, { body }) {
    const messageId = readMessage(body)?.tags.find((tag) => UUID.test(tag));
    return messageId ? { messageId } : null;
  },
};

export default smsKaraden;

function formOf({ serviceId }: KaradenSettings, message: OutgoingMessage, to: string): URLSearchParams {
  const form = new URLSearchParams({ service_id: String(serviceId), to, body: message.text, is_shorten: 'false' });
  form.append('tags[]', message.id);
  if (message.notAfter) form.set('limited_at', message.notAfter.toISOString());
  return form;
}
