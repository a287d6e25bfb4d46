import type { Section } from './section';

export const exports = {} as const satisfies Section;
