import type { Portal } from '../portal';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/** Adds a note to a case; it stays for good. */
export async function noteCase(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { body, ...work }: CaseWork & { body: string },
): Promise<CaseStepped> {
  if (body.trim() === '') return refuseStep('text_missing', 'body');
  return stepCase(portal, work, () => ({ act: 'case.noted', note: 'note', body }));
}
