import type { Section } from './section';

export const person = {} as const satisfies Section;
