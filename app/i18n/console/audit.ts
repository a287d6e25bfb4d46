import type { Section } from './section';

export const audit = {} as const satisfies Section;
