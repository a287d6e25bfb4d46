import type { Section } from './section';

export const needs = {} as const satisfies Section;
