import { forEveryone, readOnly } from '../auth/visit';
import { listSenders } from '../views/message-check';

/** For machines what /check shows to people: from where genuine messages come, and what genuine links begin with. */
export const loader = forEveryone(async (visit) => {
  const { portal, publicUrl } = visit.context;
  const programmes = (await listSenders(portal)).map(({ id, name, office, senders, callCentre }) => ({
    id,
    name,
    office,
    mail: senders.mail,
    ...(senders.reminderMail && { reminderMail: senders.reminderMail }),
    sms: senders.sms,
    telephone: callCentre.tel,
  }));
  return Response.json({ links: `${publicUrl}/r/`, check: `${publicUrl}/check`, programmes });
});

export const action = readOnly;
