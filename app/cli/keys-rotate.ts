import { digits } from '../i18n/format';
import { type RotationResult, rotateKeys } from '../services/rotate-keys';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal, table } from './terminal';

/** `keys rotate`: exit code 1 while something is left to do. */
export async function keysRotate(context: CliContext, terminal: Terminal): Promise<ExitCode> {
  const { texts, signal } = terminal;
  const result = await terminal.withCount((update) => rotateKeys(context, { signal, onProgress: ({ resealed }) => update(resealed) }));
  signal.throwIfAborted();
  const keys = keyNotes(context, terminal, result);
  const count = Object.values(result.resealed).reduce((sum, each) => sum + each, 0);
  const { columns } = texts.keys;
  const lines = [
    texts.keys.resealed(count),
    ...table([
      [columns.ring, columns.key, columns.rows],
      ...keys.map((key) => [texts.keys.rings[key.ring], key.keyId, digits(key.rows)]),
    ]).map((line, index) => (index === 0 ? line : `${line}  ${keys[index - 1]?.note ?? ''}`.trimEnd())),
    ...(result.unreadableCount > 0 ? [texts.keys.unreadable(result.unreadableCount)] : []),
    ...result.unreadable.map(
      ({ place, id, keyId, why }) => `  ${texts.keys.place[place] ?? place} ${id} (${keyId}): ${texts.keys.why[why]}`,
    ),
  ];
  terminal.answer({ ...result, keys }, lines);
  if (!result.finished) terminal.hint(texts.keys.notFinished);
  return result.unreadableCount > 0 || !result.finished ? EXIT.refused : EXIT.ok;
}

type Ring = 'seal' | 'index' | 'link';

/** Every key of the environment and of the data, and whether it can be removed. */
function keyNotes(
  context: CliContext,
  { texts }: Terminal,
  { use }: RotationResult,
): { ring: Ring; keyId: string; rows: number; removable: boolean; note: string }[] {
  return (['seal', 'index', 'link'] as const).flatMap((ring) => {
    const configured = context.keyIds[ring];
    const used = use.filter((each) => each.ring === ring);
    const ids = [...new Set([...configured, ...used.map((each) => each.keyId)])];
    return ids.map((keyId) => {
      const rows = used.find((each) => each.keyId === keyId)?.rows ?? 0;
      const stays = ring === 'index' && keyId === configured.at(-1);
      const current = keyId === configured[0];
      const removable = configured.includes(keyId) && rows === 0 && !current && !stays;
      return { ring, keyId, rows, removable, note: note(keyId) };

      function note(id: string): string {
        if (!configured.includes(id)) return texts.keys.missing;
        if (current) return texts.keys.current;
        if (stays) return texts.keys.digestKey;
        if (removable) return texts.keys.removable;
        return ring === 'link' ? texts.keys.linkStays : '';
      }
    });
  });
}
