import type { CampaignFile } from '../domain/campaign';
import type { RehearsalStep } from '../domain/rehearsal';
import { getProof } from '../views/proof';
import { claimScenes } from './claim-scenes';
import { redeemingScenes } from './redeeming-scenes';
import { listScene, registerScenes } from './register-scenes';
import { after, DAY_MS, type Scene } from './scene';
import { reminderScene, sendingScenes } from './sending-scenes';
import { openStage, type Stage } from './stage';
import { openThrowaway } from './throwaway';

/**
 * Plays a programme's whole calendar (予行) with people who do not exist, on a database of its own that is dropped
 * afterwards: the portal's own services, the clock moved to each date and the second before it. After every scene the
 * books must agree to the yen.
 * @returns the scenes in order of time; a scene that could not be played at all is the last
 */
export async function playRehearsal(
  campaign: CampaignFile,
  {
    serverUrl,
    id,
    onStep,
    signal,
  }: { serverUrl: string; id: string; onStep?: (step: RehearsalStep) => Promise<void> | void; signal?: AbortSignal },
): Promise<RehearsalStep[]> {
  const scenes = scenesOf(campaign);
  const begin = scenes[0]?.at ?? new Date(campaign.redeemUntil);
  const database = await openThrowaway(serverUrl, id);
  const steps: RehearsalStep[] = [];
  try {
    const stage = await openStage(database.url, campaign, begin);
    try {
      for (const scene of scenes) {
        signal?.throwIfAborted();
        const step = await playScene(stage, scene);
        steps.push(step);
        await onStep?.(step);
      }
    } finally {
      await stage.close();
    }
  } finally {
    await database.drop();
  }
  return steps;
}

/** Every scene of a programme in order of time. */
export function scenesOf(campaign: CampaignFile): Scene[] {
  const registered = registerScenes(campaign);
  const others = [...sendingScenes(campaign), ...claimScenes(campaign), ...reminderScene(campaign), ...redeemingScenes(campaign)];
  const earliest = Math.min(...others.map(({ at }) => at.getTime()));
  const begin = registered.length > 0 ? registered : [listScene(campaign, after(new Date(earliest), -DAY_MS))];
  // Sorting keeps the order of what happens at one instant.
  return [...begin, ...others].sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function playScene(stage: Stage, { scene, at, play }: Scene): Promise<RehearsalStep> {
  const { portal, campaignId } = stage;
  // Links may have taken longer than until the next date.
  if (at > portal.clock.now()) portal.clock.set(at);
  const shown = portal.clock.now().toISOString();
  const { ok, facts } = await play(stage);
  const { exact } = await getProof(portal.db, { campaignId });
  return { scene, at: shown, ok: ok && exact, facts };
}
