import { forEveryone, refusalPage } from '../auth/visit';
import { refuse } from '../domain/refusal';

/** Whatever no other route answers, by any method. */
const notFound = forEveryone((visit) => refusalPage(visit, refuse('not_found')));

export const loader = notFound;
export const action = notFound;
