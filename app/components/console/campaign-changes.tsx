import { CAMPAIGN_FIELDS, OFFER_FIELDS } from '../../domain/campaign-fields';
import { readWrittenTime } from '../../domain/japan-time';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { actName } from './approval-state';
import { ChangesTable } from './changes-table';

type Values = Readonly<Record<string, string | number | null>>;

/** What a programme's settings change, field by field: old and new in words. For both people who decide about it. */
export function CampaignChanges({ t, before, after }: { t: ConsoleTexts; before: Values; after: Values }) {
  const rows = inOrder(Object.keys({ ...before, ...after })).map(
    (name) => [fullLabel(t, name), inWords(t, name, before[name]), inWords(t, name, after[name])] as const,
  );
  return <ChangesTable t={t} rows={rows} />;
}

/** As the form has them, whatever order they were stored in: fields by section, offers one by one, then what it does not show. */
function inOrder(names: readonly string[]): string[] {
  const place = (name: string): number => {
    if (name.startsWith('has_')) return CAMPAIGN_FIELDS.findIndex(({ section }) => `has_${section}` === name) - 0.5;
    const field = CAMPAIGN_FIELDS.findIndex((each) => each.name === name);
    if (field >= 0) return field;
    return offerFieldOf(name) ? CAMPAIGN_FIELDS.length : CAMPAIGN_FIELDS.length + 1;
  };
  const provider = (name: string) => offerFieldOf(name)?.provider ?? '';
  return [...names].sort((a, b) => place(a) - place(b) || (provider(a) < provider(b) ? -1 : provider(a) > provider(b) ? 1 : 0));
}

/** The label of a field of the form, as it stands under its section's legend. */
export function campaignLabel(t: ConsoleTexts, name: string): string {
  return name.startsWith('alone_')
    ? actName(t, name.slice('alone_'.length))
    : t(`campaign.field.${name.replace(/^(?:app|claim)_/, '')}` as ConsoleTextKey);
}

/** The same where no legend says what it is of. */
function fullLabel(t: ConsoleTexts, name: string): string {
  if (name.startsWith('has_')) return t(`campaign.section.${name.slice('has_'.length)}` as ConsoleTextKey);
  const offer = offerFieldOf(name);
  if (offer) return within(t, offer.provider, t(`campaign.offer.${offer.field}`));
  const field = fieldOf(name);
  return field ? within(t, t(`campaign.section.${field.section}`), campaignLabel(t, name)) : t('campaign.other', { path: name });
}

function within(t: ConsoleTexts, section: string, field: string): string {
  return t('campaign.within', { section, field });
}

function inWords(t: ConsoleTexts, name: string, value: string | number | null | undefined): string {
  const offer = offerFieldOf(name);
  const text = String(value ?? '');
  if (name.startsWith('has_') || offer?.field === 'on') return t(text === '1' ? 'campaign.is.on' : 'campaign.is.off');
  if (text === '') return '―';
  if (offer?.field === 'kind' || offer?.field === 'source') return t(`campaign.offer.${offer.field}.${text}` as ConsoleTextKey);
  const kind = fieldOf(name)?.kind;
  const read = kind === 'moment' || kind === 'day' ? readWrittenTime(text) : null;
  // To the second: a date may change by one.
  if (read) return kind === 'moment' ? `${t.day(read.at)} ${text.slice(11)}` : t.day(read.at);
  return text;
}

function fieldOf(name: string) {
  return CAMPAIGN_FIELDS.find((field) => field.name === name);
}

function offerFieldOf(name: string) {
  const field = OFFER_FIELDS.find((each) => name.startsWith('offer_') && name.endsWith(`_${each}`));
  return field && { field, provider: name.slice('offer_'.length, -field.length - 1) };
}
