import type { Section } from './section';

export const providers = {} as const satisfies Section;
