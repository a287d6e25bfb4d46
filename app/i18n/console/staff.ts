import type { Section } from './section';

export const staff = {} as const satisfies Section;
