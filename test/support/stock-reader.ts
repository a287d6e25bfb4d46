import { findProvider } from '#adapters/providers/registry';
import { needsFaceValue, parseStockFile } from '#adapters/providers/stock-files';
import type { StockReader } from '~/domain/stock-reader';

/** The reader of a provider's stock files, as the command line assembles it. */
export function stockReader(provider: string): StockReader {
  const definition = findProvider(provider);
  if (!definition) throw new Error(`no provider ${provider}`);
  return {
    needsFaceValue: needsFaceValue(definition.stock.format),
    read: (text, options) => parseStockFile(text, definition.stock, options),
  };
}
