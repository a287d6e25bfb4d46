import type { Section } from './section';

export const acts = {} as const satisfies Section;
