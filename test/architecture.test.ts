import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** The rules of the house as data: who may import whom, and what exists in one place only. */

const ROOT = path.resolve(import.meta.dirname, '..');
const SOURCES = ['app', 'adapters', 'db', 'demo', 'scripts', 'test'];

/** Where a file belongs: the first pattern that fits. */
const AREAS: readonly (readonly [area: string, pattern: RegExp])[] = [
  ['routes', /^app\/routes\//],
  ['components', /^app\/components\//],
  ['domain', /^app\/domain\//],
  ['services', /^app\/services\//],
  ['views', /^app\/views\//],
  ['i18n', /^app\/i18n\//],
  ['auth', /^app\/auth\//],
  ['messages', /^app\/messages\//],
  ['cli', /^app\/(entry\.cli\.ts$|cli\/)/],
  ['remix', /^app\/(root|entry\.server|entry\.client)\.tsx?$|^app\/[^/]+\.d\.ts$|^app\/styles\//],
  // Plays the portal's parts together on a database of its own.
  ['rehearsal', /^app\/rehearsal\//],
  ['assembly', /^app\/(entry\.(web|worker|start)|context\.server|config\.server|jobs\.server)\.ts$|^app\/http\//],
  ['crypto', /^app\/crypto\.server\.ts$/],
  ['clock', /^app\/clock\.ts$/],
  ['portal', /^app\/(portal|jobs)\.ts$/],
  ['log', /^app\/log\.server\.ts$/],
  ['registry', /^adapters\/[^/]+\/registry\.ts$/],
  ['port', /^adapters\/[^/]+\/port\.ts$/],
  ['http', /^adapters\/http\.ts$/],
  ['adapters', /^adapters\//],
  ['seed', /^db\/seed\.ts$|^db\/seed\//],
  ['embedded', /^db\/(embedded\.ts|postgres\/)/],
  ['db', /^db\//],
  ['demo', /^demo\//],
  ['scripts', /^scripts\//],
  ['test', /^test\/|\.test\.tsx?$/],
];

const ANYTHING = 'anything';
/** What each area may import besides itself. Those that assemble, show or test the whole may import anything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof ANYTHING>> = {
  routes: ['services', 'views', 'components', 'auth', 'i18n', 'domain', 'portal', 'remix'],
  components: ['i18n', 'domain', 'remix'],
  domain: [],
  services: ['domain', 'db', 'port', 'portal', 'crypto', 'clock', 'log', 'messages'],
  views: ['db', 'domain', 'portal', 'crypto', 'clock'],
  i18n: ['domain'],
  // The routes' doorkeepers: they may look, and answer with a page, also of how a message would read.
  auth: ['messages', 'services', 'views', 'components', 'i18n', 'domain', 'portal', 'crypto', 'clock'],
  messages: ['i18n', 'domain'],
  remix: ['components', 'i18n', 'auth', 'portal', 'domain'],
  crypto: [],
  clock: [],
  portal: ['port', 'db', 'clock', 'crypto', 'domain'],
  log: ['portal'],
  port: [],
  http: ['port'],
  registry: ['adapters', 'port'],
  adapters: ['port', 'http'],
  db: ['domain'],
  embedded: [],
  rehearsal: ['services', 'views', 'domain', 'db', 'port', 'portal', 'clock', 'crypto', 'assembly'],
  assembly: ANYTHING,
  cli: ANYTHING,
  seed: ANYTHING,
  demo: ANYTHING,
  scripts: ANYTHING,
  test: ANYTHING,
};
/** Areas that may import only types from these; values come in as arguments. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  services: ['port', 'log', 'clock'],
  portal: ['port', 'db', 'clock', 'crypto'],
  log: ['portal'],
};
/** One file of an area does not import another of the same area. */
const NO_SIBLINGS: readonly (readonly [area: string, except: RegExp])[] = [['services', /^app\/services\/parts\//]];
/** Production code never reaches these. */
const NEVER_IN_PRODUCTION = ['demo', 'embedded', 'seed', 'test', 'scripts'];
const PRODUCTION = /^(app|adapters)\/(?!.*(\.test\.|stand-in))/;

/** What may be written in one place only. */
const ONLY_IN: readonly { readonly what: string; readonly pattern: RegExp; readonly in: RegExp; readonly where: RegExp }[] = [
  { what: '"now"', pattern: /\bnew Date\(\)|\bDate\.now\(/, in: /^(app|adapters|db)\//, where: /^app\/clock\.ts$/ },
  {
    what: 'console',
    pattern: /\bconsole\.(log|info|warn|error|debug)\b/,
    in: /^(app|adapters|db|scripts)\//,
    where: /^app\/(log\.server\.ts|entry\.cli\.ts|cli\/.*)$/,
  },
  { what: 'fetch', pattern: /(?<![.\w])fetch\(/, in: /^(app|adapters|db)\//, where: /^adapters\/http\.ts$/ },
  {
    what: 'the environment',
    pattern: /\bprocess\.env\b/,
    in: /^(app|adapters|db)\//,
    where: /^app\/(config\.server|context\.server|entry\.(start|cli|web|worker))\.ts$|^app\/cli\/|^db\/(embedded\.ts|postgres\/)/,
  },
  {
    what: 'node:crypto',
    pattern: /\b(from|import\() ?['"](node:)?crypto['"]/,
    in: /^(app|adapters|db)\//,
    where: /^app\/crypto\.server\.ts$|^adapters\/|^db\/(embedded\.ts|postgres\/)/,
  },
  {
    what: 'dangerouslySetInnerHTML',
    pattern: /dangerouslySetInnerHTML/,
    in: /^app\//,
    where: /^app\/components\/(inline-style|inline-script)\.tsx$/,
  },
  { what: 'a mock of a module', pattern: /\bvi\.(mock|doMock)\(/, in: /./, where: /^test\/architecture\.test\.ts$/ },
  {
    what: 'a sleep',
    pattern: /setTimeout\((?:resolve|r|done)\b/,
    in: /\.test\.tsx?$/,
    where: /^test\/architecture\.test\.ts$/,
  },
  { what: 'a way around the types', pattern: /@ts-(ignore|nocheck)|\bas any\b|: any\b/, in: /./, where: /^test\/architecture\.test\.ts$/ },
  {
    what: 'a focused or skipped test',
    pattern: /\b(it|test|describe)\.(only|skip|todo)\b/,
    in: /./,
    where: /^test\/architecture\.test\.ts$/,
  },
  {
    what: 'the folder of the task, outside the project',
    pattern: /\.\.\/shared\//,
    in: /./,
    where: /^test\/architecture\.test\.ts$/,
  },
];

const MAX_LINES = 400;
const MAX_LINES_EXCEPT = /^test\/|\.test\.|^app\/i18n\//;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = SOURCES.flatMap((folder) => listFiles(folder)).filter((file) => /\.(ts|tsx)$/.test(file));
const known = new Set(files);
const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('has a place for every file', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => areaOf(file) === undefined)).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))('lets %s import only what it may', (area) => {
    const may = MAY_IMPORT[area] ?? [];
    const wrong = imports
      .filter(({ from }) => areaOf(from) === area)
      .filter(({ from, to, typeOnly }) => {
        const target = areaOf(to);
        if (target === undefined || target === area) return false;
        // A provider's tests and stand-ins stand in its folder, outside of production.
        if (area === 'adapters' && /stand-in/.test(from) && target === 'registry') return false;
        if (may !== ANYTHING && !may.includes(target)) return true;
        return !typeOnly && (TYPES_ONLY[area] ?? []).includes(target);
      })
      .map(({ from, to, typeOnly }) => `${from} imports ${to}: ${area} may import ${describeRule(area, typeOnly)}`);
    expect(wrong).toEqual([]);
  });

  it.each(NO_SIBLINGS)('keeps each of the %s apart from its siblings', (area, except) => {
    const wrong = imports.filter(({ from, to }) => areaOf(from) === area && areaOf(to) === area && !except.test(to));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}: enqueue a job instead`)).toEqual([]);
  });

  it('keeps every provider to itself', () => {
    const folder = (file: string) => /^adapters\/[^/]+\/([^/]+)\//.exec(file)?.[1];
    const shared = /^adapters\/[^/]+\/gift-code-api\//;
    const wrong = imports.filter(({ from, to }) => folder(from) && folder(to) && folder(from) !== folder(to) && !shared.test(to));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('lets nothing of the demo and the tests into production', () => {
    const wrong = imports.filter(
      ({ from, to }) => PRODUCTION.test(from) && (NEVER_IN_PRODUCTION.includes(areaOf(to) ?? '') || /stand-in/.test(to)),
    );
    const allowed = /^adapters\/[^/]+\/stand-ins?\b|^app\/cli\//;
    expect(wrong.filter(({ from }) => !allowed.test(from)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('names providers nowhere but in their folders, the registry and the demo', () => {
    const registry = imports.filter(
      ({ from, to }) =>
        areaOf(to) === 'registry' && !['assembly', 'cli', 'adapters', 'seed', 'demo', 'scripts', 'test'].includes(areaOf(from) ?? ''),
    );
    expect(registry.map(({ from, to }) => `${from} imports ${to}: only context and config read a registry`)).toEqual([]);
  });
});

describe('only in one place', () => {
  it.each(ONLY_IN)('$what', ({ pattern, in: within, where }) => {
    const wrong = files
      .filter((file) => within.test(file) && !where.test(file) && !(areaOf(file) === 'test' && !within.test('test/x')))
      .flatMap((file) => linesOf(file).flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])));
    expect(wrong).toEqual([]);
  });

  it('every msw server refuses requests that nobody expected', () => {
    const wrong = files.filter((file) => {
      const text = linesOf(file).join('\n');
      return /from 'msw\/node'/.test(text) && /\.listen\(/.test(text) && !/onUnhandledRequest: 'error'/.test(text);
    });
    expect(wrong).toEqual([]);
  });
});

describe('shape', () => {
  it('has no drawer for what belongs nowhere', () => {
    expect(files.filter((file) => /(^|\/)(utils?|misc|helpers?|common)(\/|\.)/.test(file))).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = files.filter((file) => !MAX_LINES_EXCEPT.test(file) && linesOf(file).length > MAX_LINES);
    expect(long.map((file) => `${file}: ${linesOf(file).length} lines`)).toEqual([]);
  });
});

function listFiles(folder: string): string[] {
  const full = path.join(ROOT, folder);
  if (!fs.existsSync(full)) return [];
  return fs
    .readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

function areaOf(file: string): string | undefined {
  if (/\.test\.tsx?$/.test(file)) return 'test';
  return AREAS.find(([, pattern]) => pattern.test(file))?.[0];
}

function linesOf(file: string): string[] {
  // Comments may name what code may not do.
  return withoutComments(fs.readFileSync(path.join(ROOT, file), 'utf8')).split('\n');
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/^\s*\/\/.*$/gm, '');
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const to = resolve(file, specifier);
    if (to) found.push({ from: file, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      add(node.moduleSpecifier.text, isTypeOnly(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteral(first)) add(first.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return !clause.name && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.every((element) => element.isTypeOnly);
}

/** The project's file that a specifier names; undefined for packages and for styles. */
function resolve(from: string, specifier: string): string | undefined {
  const aliases: readonly (readonly [string, string])[] = [
    ['~/', 'app/'],
    ['#db/', 'db/'],
    ['#adapters/', 'adapters/'],
  ];
  const alias = aliases.find(([prefix]) => specifier.startsWith(prefix));
  const base = alias
    ? specifier.replace(alias[0], alias[1])
    : specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(from), specifier)
      : undefined;
  if (base === undefined) return undefined;
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}.d.ts`, `${base}/index.ts`];
  return candidates.find((candidate) => known.has(candidate));
}

function describeRule(area: string, typeOnly: boolean): string {
  const may = MAY_IMPORT[area];
  const types = TYPES_ONLY[area] ?? [];
  const list =
    may === ANYTHING
      ? ANYTHING
      : [area, ...(may ?? [])].map((target) => (types.includes(target) ? `types of ${target}` : target)).join(', ');
  return typeOnly ? `${list} (this is a type import)` : list;
}
