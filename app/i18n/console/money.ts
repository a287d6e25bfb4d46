import type { Section } from './section';

export const money = {} as const satisfies Section;
