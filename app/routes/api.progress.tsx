import { progressOf } from '../auth/progress';
import { forRecipient, readOnly } from '../auth/visit';

/** How things stand, for the progress page's script: it loads the page anew when the mark differs from its own. */
export const loader = forRecipient(({ page, now }) => Response.json(progressOf(page, now)));

export const action = readOnly;
