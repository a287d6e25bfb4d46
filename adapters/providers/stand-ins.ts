import amazon from './amazon/stand-in';
import edy from './edy/stand-in';
import nanaco from './nanaco/stand-in';
import paypay from './paypay/stand-in';
import ponta from './ponta/stand-in';
import type { StandInFactory } from './port';

/** The stand-in of every provider by its id. Apart from the registry so that production never carries one. */
export const standIns: Readonly<Record<string, StandInFactory>> = {
  amazon: settingsUnknown(amazon),
  ponta: settingsUnknown(ponta),
  paypay: settingsUnknown(paypay),
  edy: settingsUnknown(edy),
  nanaco: settingsUnknown(nanaco),
};

/** The table holds factories of different settings; the settings handed in come from the provider's own spec. */
function settingsUnknown<S>(factory: StandInFactory<S>): StandInFactory {
  return factory as StandInFactory;
}
