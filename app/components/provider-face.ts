import type { Bilingual } from '../domain/campaign';
import type { Language } from '../i18n/texts';

/** How a provider is shown; the structure in which every provider's folder describes itself. */
export interface BrandFace {
  readonly tile: { readonly letters: string; readonly colour: string };
  readonly registerUrl?: string;
  readonly groupBy: number;
  readonly text: Readonly<
    Record<
      Language,
      {
        readonly codeName: string;
        readonly needs: string;
        readonly usable: string;
        readonly open: string;
        readonly steps: readonly string[];
        readonly notes: readonly string[];
        readonly issuer: string;
        readonly legal: readonly string[];
      }
    >
  >;
}

/** A provider on a page: the campaign's name for it, its own words, and a licensed logo where there is one. */
export interface ProviderFace {
  readonly id: string;
  readonly label: Bilingual;
  readonly brand: BrandFace;
  readonly logo: string | null;
}
