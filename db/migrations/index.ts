import type { Migration } from 'kysely';
import * as programme from './2026-11-22-01-programme';
import * as ledger from './2026-11-22-02-ledger';
import * as redemptions from './2026-11-22-03-redemptions';
import * as stock from './2026-11-22-04-stock';
import * as operation from './2026-11-22-05-operation';
import * as roles from './2026-11-22-06-roles';
import * as staff from './2026-11-25-01-staff';
import * as approvals from './2026-11-25-02-approvals';
import * as acts from './2026-11-25-03-acts';
import * as search from './2026-11-25-04-search';
import * as messages from './2026-11-25-05-messages';
import * as auditChain from './2026-11-25-06-audit-chain';
import * as money from './2026-11-25-07-money';
import * as exported from './2026-11-25-08-exports';
import * as lists from './2026-11-25-09-lists';
import * as proofs from './2026-11-25-10-proofs';
import * as coupons from './2026-11-25-20-coupons';
import * as invitations from './2026-11-25-21-invitations';
import * as sweeps from './2026-11-25-22-sweeps';
import * as channels from './2026-11-25-30-channels';
import * as waves from './2026-11-25-31-waves';
import * as texts from './2026-11-25-32-texts';
import * as letters from './2026-11-25-33-letters';
import * as shelfGuard from './2026-11-25-34-shelf-guard';
import * as sending from './2026-11-25-35-sending';
import * as claims from './2026-11-25-40-claims';
import * as claimMails from './2026-11-25-40b-claim-mails';
import * as messageTexts from './2026-11-25-50-message-texts';
import * as messageChecks from './2026-11-25-51-message-checks';
import * as messageReferences from './2026-11-25-53-messages';
import * as manyJobs from './2026-11-25-53b-many-jobs';
import * as messageAttempts from './2026-11-25-53c-message-attempts';
import * as couponActs from './2026-11-25-54-coupon-acts';
import * as claimReview from './2026-11-25-55-claim-review';
import * as cases from './2026-11-25-56-cases';
import * as campaignVersions from './2026-11-25-57-campaign-versions';
import * as campaignsApart from './2026-11-25-57b-campaigns-apart';
import * as rehearsals from './2026-11-25-58-rehearsals';
import * as fallovers from './2026-11-25-60-fallovers';
import * as reportAttempts from './2026-11-25-60b-report-attempts';
import * as couponDeliveries from './2026-11-25-62-coupon-deliveries';
import * as waveEnds from './2026-11-25-63-wave-ends';
import * as onePlainNumber from './2026-11-25-64-one-plain-number';
import * as campaignBases from './2026-11-25-66-campaign-bases';
import * as claimCorrections from './2026-11-25-66b-claim-corrections';
import * as claimMoves from './2026-11-25-67-claim-moves';
import * as outboxClaims from './2026-11-25-68-outbox-claims';
import * as plainNumbers from './2026-11-25-69-plain-numbers';
import * as claimApproved from './2026-11-25-70-claim-approved';
import * as remindersFallOver from './2026-11-25-71-reminders-fall-over';
import * as searchPaths from './2026-11-25-72-search-paths';
import * as newDeadlines from './2026-11-25-74-new-deadlines';

/** Every migration by name, in order. A list and not a folder, so that a bundle carries them too. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-22-01-programme': programme,
  '2026-11-22-02-ledger': ledger,
  '2026-11-22-03-redemptions': redemptions,
  '2026-11-22-04-stock': stock,
  '2026-11-22-05-operation': operation,
  '2026-11-22-06-roles': roles,
  '2026-11-25-01-staff': staff,
  '2026-11-25-02-approvals': approvals,
  '2026-11-25-03-acts': acts,
  '2026-11-25-04-search': search,
  '2026-11-25-05-messages': messages,
  '2026-11-25-06-audit-chain': auditChain,
  '2026-11-25-07-money': money,
  '2026-11-25-08-exports': exported,
  '2026-11-25-09-lists': lists,
  '2026-11-25-10-proofs': proofs,
  '2026-11-25-20-coupons': coupons,
  '2026-11-25-21-invitations': invitations,
  '2026-11-25-22-sweeps': sweeps,
  '2026-11-25-30-channels': channels,
  '2026-11-25-31-waves': waves,
  '2026-11-25-32-texts': texts,
  '2026-11-25-33-letters': letters,
  '2026-11-25-34-shelf-guard': shelfGuard,
  '2026-11-25-35-sending': sending,
  '2026-11-25-40-claims': claims,
  '2026-11-25-40b-claim-mails': claimMails,
  '2026-11-25-50-message-texts': messageTexts,
  '2026-11-25-51-message-checks': messageChecks,
  '2026-11-25-53-messages': messageReferences,
  '2026-11-25-53b-many-jobs': manyJobs,
  '2026-11-25-53c-message-attempts': messageAttempts,
  '2026-11-25-55-claim-review': claimReview,
  '2026-11-25-54-coupon-acts': couponActs,
  '2026-11-25-56-cases': cases,
  '2026-11-25-57-campaign-versions': campaignVersions,
  '2026-11-25-57b-campaigns-apart': campaignsApart,
  '2026-11-25-58-rehearsals': rehearsals,
  '2026-11-25-60-fallovers': fallovers,
  '2026-11-25-60b-report-attempts': reportAttempts,
  '2026-11-25-62-coupon-deliveries': couponDeliveries,
  '2026-11-25-63-wave-ends': waveEnds,
  '2026-11-25-64-one-plain-number': onePlainNumber,
  '2026-11-25-66-campaign-bases': campaignBases,
  '2026-11-25-66b-claim-corrections': claimCorrections,
  '2026-11-25-67-claim-moves': claimMoves,
  '2026-11-25-68-outbox-claims': outboxClaims,
  '2026-11-25-69-plain-numbers': plainNumbers,
  '2026-11-25-70-claim-approved': claimApproved,
  '2026-11-25-71-reminders-fall-over': remindersFallOver,
  '2026-11-25-72-search-paths': searchPaths,
  '2026-11-25-74-new-deadlines': newDeadlines,
};

/** The migration this code needs at least; readiness and the start of a process ask for it. */
export const LATEST_MIGRATION: string = Object.keys(migrations).sort().at(-1) ?? '';
