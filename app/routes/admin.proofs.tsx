import { chosenOf } from '../auth/choose-campaign';
import { maySee, notFound, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { ProofsPage } from '../components/console/proofs-page';
import { isPermitted } from '../domain/access';
import { recordDayProof } from '../services/record-day-proof';
import { listCampaignChoices } from '../views/campaign-choices';
import { findDueProofs, getDayFigures, listDayProofLines } from '../views/day-proofs';
import { findProofDays } from '../views/proof-days';

/** The proof of each day, as a page or as the file that is checked elsewhere. Totals only. */
export const loader = staffPage('admin.proofs', async (visit) => {
  const { t, portal, staff, query, now, token } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  if (chosen && query.one('format') === 'jsonl') return linesOf(chosen.id, await listDayProofLines(portal.db, chosen.id));
  const before = query.one('before');
  const days = chosen && (await findProofDays(portal, { campaignId: chosen.id, before, now }));
  return showConsole(
    visit,
    t('proofs.title'),
    <ProofsPage
      t={t}
      token={token}
      campaigns={campaigns}
      chosen={chosen?.id ?? null}
      rows={days?.rows ?? []}
      missing={days?.missing ?? []}
      gaps={days?.gaps ?? []}
      newest={before === null}
      next={days?.next ?? null}
      publicKey={portal.signer?.publicKey ?? null}
      mayProve={isPermitted(staff.role, 'make_proof')}
    />,
  );
});

export const action = staffForms('admin.proofs', {
  /** The days up to yesterday that have none; whoever is quicker, the worker or somebody here. */
  async prove(visit, form) {
    const { portal, staff, now } = visit;
    const campaigns = await listCampaignChoices(portal, staff.scope);
    const chosen = campaigns.find(({ id }) => id === form.one('campaign'));
    if (!chosen || !maySee(visit, chosen.id)) return notFound(visit);
    for (const { day } of await findDueProofs(portal.db, now, chosen.id)) {
      const figures = await getDayFigures(portal.db, chosen.id);
      await recordDayProof(portal, { figures, day, actor: `staff:${staff.id}` });
    }
    return goTo(`/admin/proofs?campaign=${chosen.id}`);
  },
});

function linesOf(campaignId: string, lines: readonly object[]): Response {
  return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
    headers: {
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="proofs-${campaignId}.jsonl"`,
      'cache-control': 'no-store',
    },
  });
}
