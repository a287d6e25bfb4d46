import amazon from './amazon';
import edy from './edy';
import nanaco from './nanaco';
import paypay from './paypay';
import ponta from './ponta';
import type { ProviderDefinition } from './port';

/** Every provider, in the order in which the choices are shown. The only place in production that names one. */
// biome-ignore format: one line for each provider
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
