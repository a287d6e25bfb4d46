import type { ReactNode } from 'react';
import { TextPage, type TextPageProps } from '../components/console/text-page';
import { isPermitted } from '../domain/access';
import { type CampaignSettings, sendersFor } from '../domain/campaign';
import { MESSAGE_PURPOSES } from '../domain/message';
import { segments } from '../domain/segments';
import { checkText, neededPlaces, type TextProblem, type TextTemplate } from '../domain/text-template';
import { draftOf } from '../messages/draft';
import { valuesOf, writeMessage } from '../messages/own-text';
import { sampleFacts } from '../messages/sample';
import { readText } from '../services/save-text';
import { type TextPage as Found, findTextPage } from '../views/message-texts';
import type { Form } from './form';
import type { StaffVisit } from './staff-visit';

type Key = TextPageProps['textKey'];

/** What somebody has typed into the editor. */
interface Typed {
  readonly subject: string;
  readonly body: string;
  /** The version that was read before. */
  readonly base: number;
  readonly number: string;
  readonly address: string;
}

/** A text as it is to be shown, with what was typed and what came of it. */
export interface TextShown {
  readonly key: Key;
  readonly typed?: Typed;
  /** A version to load into the editor. */
  readonly version?: number;
  /** What was typed is checked, and what is wrong is said. */
  readonly checked?: boolean;
  /** What saving found wrong. */
  readonly problems?: readonly TextProblem[];
  readonly did?: 'saved' | 'restored' | null;
  readonly no?: 'same' | 'overtaken';
  readonly tested?: string;
  readonly testNo?: 'address' | 'landline' | 'too_many';
}

/** The text that an address names, `invitation.mail.ja`; null: there is none. */
export function textKeyOf(visit: StaffVisit, campaignId: string | null): Key | null {
  const [name, channel, language, ...rest] = (visit.params.text ?? '').split('.');
  const purpose = MESSAGE_PURPOSES.find((each) => each === name);
  if (!campaignId || !purpose || rest.length > 0) return null;
  if ((channel !== 'mail' && channel !== 'sms') || (language !== 'ja' && language !== 'en')) return null;
  return { campaignId, purpose, channel, language };
}

/** What stands in the editor's form; nothing of it is believed yet. */
export function typedText(form: Form): Typed {
  const base = Number(form.one('base') ?? 0);
  return {
    subject: form.lines('subject') ?? '',
    body: form.lines('body') ?? '',
    base: Number.isInteger(base) && base >= 0 ? base : 0,
    number: (form.one('number') ?? '').trim().slice(0, 40),
    address: (form.one('address') ?? '').trim().slice(0, 254),
  };
}

/** The page of a text. Null: there is no such programme. */
export async function showTextPage(visit: StaffVisit, shown: TextShown): Promise<{ title: string; content: ReactNode } | null> {
  const { t, portal, token, staff } = visit;
  const { key, typed, version: asked, checked, problems, ...said } = shown;
  const found = await findTextPage(portal, key, typed?.number ?? '');
  if (!found) return null;
  const newest = found.versions[0] ?? null;
  const loaded = found.versions.find(({ version }) => version === asked);
  const facts = { publicUrl: visit.context.publicUrl, settings: found.settings, purpose: key.purpose, language: key.language };
  const own = typed ? readText(typed, key.channel) : ((loaded ?? newest)?.text ?? null);
  const text = own ?? draftOf(sampleFacts(found.person, facts), key.channel);
  const preview = previewOf(found, key, own, facts);
  const title = t('texts.of', {
    purpose: t(`message.purpose.${key.purpose}`),
    channel: t(`message.channel.${key.channel}`),
    language: t(`texts.language.${key.language}`),
  });
  const content = (
    <TextPage
      {...said}
      t={t}
      token={token}
      title={title}
      textKey={key}
      newest={newest}
      versions={found.versions}
      loaded={loaded?.version ?? null}
      text={text}
      base={typed?.base ?? newest?.version ?? 0}
      number={typed?.number ?? ''}
      address={typed?.address ?? ''}
      person={found.person.number}
      unknownNumber={found.unknownNumber}
      needed={neededPlaces(key.purpose, key.channel)}
      problems={problems ?? (checked ? preview.problems : [])}
      preview={preview.message}
      mayEdit={isPermitted(staff.role, 'edit_texts')}
    />
  );
  return { title, content };
}

interface FactsOf {
  readonly publicUrl: string;
  readonly settings: CampaignSettings;
  readonly purpose: Key['purpose'];
  readonly language: Key['language'];
}

/** How a text (null: the portal's own) reads to the shown person, and what is wrong with it. */
function previewOf({ person, settings }: Found, key: Key, text: TextTemplate | null, of: FactsOf) {
  const facts = sampleFacts(person, of);
  const message = writeMessage(facts, key.channel, text);
  const problems = text ? checkText(text, { ...key, sample: valuesOf(facts, key.channel) }) : [];
  const from = { name: settings.office[key.language], address: sendersFor(settings.senders, key.purpose)[key.channel] };
  return { problems, message: { ...message, from, cost: key.channel === 'sms' ? segments(message.text) : null } };
}
