import { claimPage, showClaimHome } from '../auth/claim-visit';
import { readOnly } from '../auth/visit';

/** The claim site's front page; before and after its time, when that is. */
export const loader = claimPage((visit) => showClaimHome(visit, visit.site));

export const action = readOnly;
