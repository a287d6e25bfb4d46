import { type CodeFacts, failedCodes } from '../../domain/acts';
import { lastMoment } from '../../domain/deadline';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import type { ActFormView } from './act-page';

/** One thing that an act changes: its name, how it is now and how it will be. */
export type ActRow = readonly [what: ConsoleTextKey, now: string, after: string];

/** What an act changes, before and after, in words. */
export function actRows(t: ConsoleTexts, form: ActFormView): ActRow[] {
  const { act, page, redemption, code, contact, channel, policy, yen } = form;
  const { grant } = page;
  const label = t.own(page.redemptions.find(({ id }) => id === redemption?.id)?.label ?? { ja: '', en: '' });
  const state = redemption ? t(`state.${redemption.state}`) : '';
  const address = (channel === 'sms' ? contact?.phone : contact?.mail) ?? t('person.noAddress');
  switch (act) {
    case 'reissue':
      return code
        ? [
            ['acts.row.code', codeName(t, code), t('acts.cell.codeVoid')],
            ['acts.row.provider', label, label],
            ['acts.row.state', state, t('state.issuing')],
          ]
        : [
            ['acts.row.state', state, t('state.issuing')],
            ['acts.row.provider', label, t('acts.cell.provider', { label })],
            ['acts.row.residual', t.yen(grant.residualYen), t.yen(grant.residualYen)],
          ];
    case 'give_back': {
      const whole = redemption !== null && failedCodes(redemption).length === redemption.codes.length;
      return [
        ['acts.row.state', state, t(whole ? 'state.cancelled' : 'state.issued')],
        ['acts.row.residual', t.yen(grant.residualYen), t.yen(grant.residualYen + yen)],
        ['acts.row.pending', t.yen(grant.pendingYen), t.yen(grant.pendingYen - yen)],
      ];
    }
    case 'ask_again':
      return [['acts.row.state', state, t('acts.cell.asked')]];
    case 'settle_doubt':
      return [['acts.row.state', state, t('acts.cell.doubtEnds')]];
    case 'extend':
      return [
        ['acts.row.deadline', t.moment(lastMoment(grant.deadlineAt)), t('acts.cell.until')],
        ['acts.row.residual', t.yen(grant.residualYen), t.yen(yen)],
        ...(grant.lapsedYen > 0n ? ([['acts.row.lapsed', t.yen(grant.lapsedYen), t.yen(0n)]] as const) : []),
      ];
    case 'resend': {
      const to = form.ways[0]?.address ?? address;
      return [
        ['acts.row.link', t('acts.cell.link'), t('acts.cell.sameLink')],
        ['acts.row.address', to, to],
      ];
    }
    case 'change_address':
      return [
        ['acts.row.address', address, t('acts.cell.newAddress')],
        ['acts.row.link', t('acts.cell.link'), t('acts.cell.newLink')],
      ];
    case 'freeze':
      return [['acts.row.receiving', t('acts.cell.can'), t('acts.cell.frozen', { hours: policy.freezeHours })]];
    case 'release':
      return [['acts.row.receiving', t('acts.cell.cannot'), t('acts.cell.can')]];
  }
}

/** A code as staff may know it: its last four, where we keep any of it. */
export function codeName(t: ConsoleTexts, code: CodeFacts): string {
  const last4 = code.attempt?.last4;
  return last4 ? t('acts.cell.code', { last4 }) : t('acts.cell.codeUnkept');
}
