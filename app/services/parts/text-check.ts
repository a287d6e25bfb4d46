import type { findCampaign } from '#db/campaigns';
import type { TextKey } from '#db/message-texts';
import { checkText, type TextProblem, type TextTemplate } from '../../domain/text-template';
import { valuesOf } from '../../messages/own-text';
import { sampleFacts } from '../../messages/sample';

type Campaign = NonNullable<Awaited<ReturnType<typeof findCampaign>>>;

/** What is wrong with a text of a programme. Lengths are counted with the largest sum that its amounts come near. */
export function problemsOf(
  text: TextTemplate,
  { key, campaign, publicUrl }: { key: TextKey; campaign: Campaign; publicUrl: string },
): TextProblem[] {
  const { grantCeilingYen: yen, redeemUntil: deadlineAt } = campaign;
  const of = { settings: campaign.settings, purpose: key.purpose, language: key.language, publicUrl };
  return checkText(text, { ...key, sample: valuesOf(sampleFacts({ name: null, yen, deadlineAt }, of), key.channel) });
}
