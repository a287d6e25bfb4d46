import { chosenOf } from '../auth/choose-campaign';
import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { WavesPage, type WavesPageProps } from '../components/console/waves-page';
import { isPermitted } from '../domain/access';
import { japanDay } from '../domain/japan-time';
import { pauseWave } from '../services/pause-wave';
import { resumeWave } from '../services/resume-wave';
import { startWave } from '../services/start-wave';
import { stopWave } from '../services/stop-wave';
import { listCampaignChoices } from '../views/campaign-choices';
import { findChannelHealth } from '../views/channel-health';
import { findUninvited, listWaveReports } from '../views/wave-report';

/** The waves of a programme. */
export const loader = staffPage('admin.waves', (visit) => {
  const [state, number] = [DID.find((each) => each === visit.query.one('did')), Number(visit.query.one('wave'))];
  return page(visit, visit.query.one('campaign'), { did: state && Number.isInteger(number) && number > 0 ? { state, number } : null });
});

export const action = staffForms('admin.waves', {
  start: (visit, form) => move(visit, form, startWave),
  pause: (visit, form) => move(visit, form, pauseWave),
  resume: (visit, form) => move(visit, form, resumeWave),
  stop: (visit, form) => move(visit, form, stopWave),
});

const DID = ['planned', 'running', 'paused', 'stopped'] as const;

async function move(visit: StaffVisit, form: Form, service: typeof startWave): Promise<Response> {
  const { portal, staff } = visit;
  const campaignId = form.one('campaign') ?? '';
  const number = /^[1-9]\d{0,5}$/.test(form.one('wave') ?? '') ? Number(form.one('wave')) : 0;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  if (number === 0 || !campaigns.some(({ id }) => id === campaignId) || !maySee(visit, campaignId)) return notFound(visit);
  const result = await service(portal, { campaignId, number, actor: `staff:${staff.id}` });
  if (result.kind === 'refused') {
    return result.reason === 'wave_unknown' ? notFound(visit) : page(visit, campaignId, { no: result.reason }, 422);
  }
  const query = new URLSearchParams({ campaign: campaignId, wave: String(number), did: result.state });
  return new Response(null, { status: 303, headers: { location: `/admin/waves?${query}` } });
}

async function page(visit: StaffVisit, asked: string | null, more: Partial<WavesPageProps>, status = 200): Promise<Response> {
  const { t, portal, staff, token } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, asked);
  if (chosen === 'unknown') return notFound(visit);
  const waves = chosen ? await listWaveReports(portal, { campaignId: chosen.id, channelPerHour: visit.console.channelPerHour }) : [];
  return showConsole(
    visit,
    t('waves.title'),
    <WavesPage
      t={t}
      token={token}
      campaigns={campaigns}
      chosen={chosen?.id ?? null}
      today={japanDay(visit.now)}
      waves={waves}
      uninvited={chosen ? await findUninvited(portal, chosen.id) : []}
      health={chosen ? await findChannelHealth(portal, { campaigns: [chosen.id] }) : []}
      mayAct={isPermitted(staff.role, 'run_waves')}
      mayList={isPermitted(staff.role, 'see.many')}
      did={null}
      no={null}
      {...more}
    />,
    { status },
  );
}
