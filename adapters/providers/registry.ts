import amazon from './amazon';
import edy from './edy';
import nanaco from './nanaco';
import paypay from './paypay';
import type { ProviderDefinition } from './port';
import ponta from './ponta';

/** Every provider, in the order in which the choices are shown. The only place in production that names one. */
export const providers: readonly ProviderDefinition[] = [
  amazon,
  ponta,
  paypay,
  edy,
  nanaco,
];

/** The provider with this id, if there is one. */
export function findProvider(id: string): ProviderDefinition | undefined {
  return providers.find((provider) => provider.id === id);
}
