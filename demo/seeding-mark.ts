import fs from 'node:fs';
import path from 'node:path';

/**
 * Stands beside the data while they are made for the first time. Who finds it at a start knows that the last one was
 * broken off there: nobody has used the data yet, and they are made anew.
 */
export function seedingMark(folder: string): { isSet(): boolean; set(): void; clear(): void } {
  const file = path.join(folder, 'unfinished');
  return {
    isSet: () => fs.existsSync(file),
    set: () => fs.writeFileSync(file, ''),
    clear: () => fs.rmSync(file, { force: true }),
  };
}
