import type { Section } from './section';

export const find = {} as const satisfies Section;
