import type { Section } from './section';

export const messages = {} as const satisfies Section;
