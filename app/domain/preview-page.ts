import { CLAIM_STATES, type ClaimState, TOLD_STATES, type ToldState } from './claim';

/** The pages and messages of a programme that can be looked at as a sample person sees them at a moment. */
const PLAIN = {
  receive: ['recipient', 'confirm', 'progress', 'codes', 'code'],
  claims: ['claim', 'claim_form', 'claim_confirm', 'claim_done', 'claim_ask'],
  help: ['recover', 'check'],
  messages: ['invitation', 'reminder'],
} as const;

export type PlainPreview = (typeof PLAIN)[keyof typeof PLAIN][number];
/** A claim's status page is another one in each of its states, and so is the mail that tells of it. */
export type PreviewPage = PlainPreview | `claim_state_${ClaimState}` | `claim_mail_${ToldState}`;

/** What is offered, in groups; claims only where the programme takes them. */
export function previewGroups(claims: boolean): readonly { readonly group: keyof typeof PLAIN; readonly pages: readonly PreviewPage[] }[] {
  const { receive, help, messages } = PLAIN;
  const states = CLAIM_STATES.map((state) => `claim_state_${state}` as const);
  const mails = TOLD_STATES.map((state) => `claim_mail_${state}` as const);
  return [
    { group: 'receive', pages: receive },
    ...(claims ? [{ group: 'claims' as const, pages: [...PLAIN.claims, ...states] }] : []),
    { group: 'help', pages: help },
    { group: 'messages', pages: [...messages, ...(claims ? mails : [])] },
  ];
}

/** The page of that name; null when there is none. */
export function readPreviewPage(text: string | null): PreviewPage | null {
  if (text === null) return 'recipient';
  return (
    previewGroups(true)
      .flatMap(({ pages }) => pages)
      .find((page) => page === text) ?? null
  );
}

/** The state of a claim whose status page is meant; null for every other page. */
export function previewedState(page: PreviewPage): ClaimState | null {
  return CLAIM_STATES.find((state) => page === `claim_state_${state}`) ?? null;
}

/** The state of a claim of which the meant mail tells; null for everything else. */
export function previewedMail(page: PreviewPage): ToldState | null {
  return TOLD_STATES.find((state) => page === `claim_mail_${state}`) ?? null;
}
