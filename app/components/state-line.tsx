import type { RedemptionState } from '../domain/redemption';
import type { Texts } from '../i18n/texts';

const SIGN = { issued: 'done', failed: 'stop' } as const;

/** Where a redemption stands, in words, with a sign beside the colour. */
export function StateLine({ t, state }: { t: Texts; state: RedemptionState }) {
  return <p className={`state ${state in SIGN ? SIGN[state as keyof typeof SIGN] : 'wait'}`}>{t(`state.${state}`)}</p>;
}
