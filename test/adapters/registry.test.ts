import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findProvider, providers } from '#adapters/providers/registry';
import { standInEnvironment } from '#adapters/providers/stand-in-server';
import { standIns } from '#adapters/providers/stand-ins';

const FOLDER = fileURLToPath(new URL('../../adapters/providers', import.meta.url));

/** Contrast of a colour to white. WCAG 2.2, contrast ratio. */
function contrastToWhite(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[0-9a-f]{2}/g) ?? []).map((hex) => {
    const channel = parseInt(hex, 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

describe('the registry', () => {
  it('knows every provider once, with its stand-in', () => {
    const ids = providers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(standIns).sort()).toEqual([...ids].sort());
    for (const provider of providers) expect(findProvider(provider.id)).toBe(provider);
    expect(findProvider('constructor')).toBeUndefined();
    const names = providers.flatMap(({ settings }) => settings.variables.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('never leads production to a stand-in', () => {
    const reached = new Set<string>();
    const follow = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)'/g)) {
        const base = path.resolve(path.dirname(file), target);
        follow([`${base}.ts`, path.join(base, 'index.ts')].find((candidate) => existsSync(candidate)) ?? base);
      }
    };
    follow(path.join(FOLDER, 'registry.ts'));
    expect(reached.size).toBeGreaterThan(15);
    expect([...reached].filter((file) => file.includes('stand-in'))).toEqual([]);
  });

  describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
    it('has a folder with everything that belongs to a provider', () => {
      expect(readdirSync(path.join(FOLDER, id))).toEqual(
        expect.arrayContaining(['README.md', 'index.ts', 'stand-in.ts', 'wire.ts', `${id}.test.ts`]),
      );
    });

    it('explains its variables, by examples that are well-formed', () => {
      const environment = standInEnvironment('http://127.0.0.1:4010');
      expect(provider.settings.parse(environment).ok).toBe(true);
      const empty = provider.settings.parse({});
      expect(empty.ok).toBe(false);
      for (const variable of provider.settings.variables) {
        expect(variable.name).toMatch(new RegExp(`^${id.toUpperCase()}_[A-Z_]+$`));
        expect(variable.about.length).toBeGreaterThan(10);
      }
      expect(provider.settings.variables.some(({ secret }) => secret)).toBe(true);
    });

    it.each([
      'http://provider.example',
      'ftp://provider.example',
      'https://user:pass@provider.example',
      'https://provider.example/?a=b',
      'provider.example',
      'https://provider.example/#x',
    ])('does not take %s for a base URL', (url) => {
      const parsed = provider.settings.parse({ ...standInEnvironment('http://127.0.0.1:4010'), [`${id.toUpperCase()}_BASE_URL`]: url });
      expect(parsed).toEqual({ ok: false, problems: [expect.stringMatching(/_BASE_URL is malformed/)] });
    });

    it('has data that makes sense', () => {
      const { capabilities } = provider;
      expect(capabilities.ratePerSecond).toBeGreaterThan(0);
      expect(capabilities.settleAfterMs).toBeGreaterThanOrEqual(capabilities.timeLimitMs);
      expect(capabilities.keyHorizonMs).toBeGreaterThan(capabilities.settleAfterMs);
      // These two are answered before anybody looks at the key, so they can never settle it.
      expect(capabilities.settlingDeclines).not.toContain('throttled');
      expect(capabilities.settlingDeclines).not.toContain('account_suspended');
    });

    it('is presented completely in both languages', () => {
      const { tile, registerUrl, text } = provider.brand;
      expect(tile.letters).toMatch(/^[A-Za-z]{1,2}$/);
      expect(tile.colour).toMatch(/^#[0-9a-f]{6}$/);
      expect(contrastToWhite(tile.colour)).toBeGreaterThanOrEqual(4.5);
      if (registerUrl) expect(new URL(registerUrl).protocol).toBe('https:');
      expect(Object.keys(text)).toEqual(['ja', 'en']);
      expect(text.ja.steps.length).toBe(text.en.steps.length);
      expect(text.ja.notes.length).toBe(text.en.notes.length);
      expect(text.ja.legal.length).toBe(text.en.legal.length);
      for (const [language, words] of Object.entries(text)) {
        const all = [words.codeName, words.needs, words.usable, words.open, words.issuer, ...words.steps, ...words.notes, ...words.legal];
        for (const line of all) expect(line.trim()).toBe(line);
        expect(all.every((line) => line.length > 1)).toBe(true);
        expect(words.steps.length).toBeGreaterThanOrEqual(3);
        expect(words.legal.length).toBeGreaterThanOrEqual(1);
        if (language === 'ja') expect([...words.usable].length).toBeLessThanOrEqual(26);
      }
    });
  });
});
