import { afterEach, beforeEach, expect } from 'vitest';

// A test that prints a warning or an error fails: React's and Remix's complaints are defects, too.
const original = { error: console.error, warn: console.warn };
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...parts: unknown[]) => {
      printed.push(`console.${level}: ${parts.map(String).join(' ')}`);
      original[level](...parts);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(printed, 'nothing may be printed as a warning or an error').toEqual([]);
});
