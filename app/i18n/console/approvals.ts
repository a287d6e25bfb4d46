import type { Section } from './section';

export const approvals = {} as const satisfies Section;
