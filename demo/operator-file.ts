import fs from 'node:fs';
import path from 'node:path';

/** Writes the environment of the demo's operator, for `npm run uketori -- --env-file …`; readable by this account only. @returns the file */
export function writeOperatorFile(folder: string, environment: Readonly<Record<string, string>>): string {
  const file = path.join(folder, 'operator.env');
  fs.rmSync(file, { force: true });
  const lines = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  const head = '# Of the running demo, for the command line only: it is no production environment.';
  fs.writeFileSync(file, `${[head, ...lines].join('\n')}\n`, { mode: 0o600 });
  return file;
}
