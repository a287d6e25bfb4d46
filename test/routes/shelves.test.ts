import type { ServerBuild } from '@remix-run/node';
import { matchRoutes } from '@remix-run/react';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routeShelves } from '~/http/route-shelves';
import { type BuiltPages, buildPages } from '../support/built-pages';

/** The routes that are weighed for one address: fewer, and never others than of the whole. */
let build: ServerBuild;
let pages: BuiltPages;
beforeAll(async () => {
  pages = await buildPages();
  ({ build } = pages);
});
afterAll(() => pages.remove());

interface Node {
  id: string;
  path?: string;
  index?: boolean;
  children?: Node[];
}
function treeOf(routes: ServerBuild['routes'], parent?: string): Node[] {
  return Object.values(routes).flatMap((route) =>
    route && (route.parentId || undefined) === parent
      ? [{ id: route.id, path: route.path, index: route.index, ...(route.index ? {} : { children: treeOf(routes, route.id) }) }]
      : [],
  );
}
const matched = (own: ServerBuild, path: string) =>
  matchRoutes(treeOf(own.routes) as Parameters<typeof matchRoutes>[0], path)?.map(({ route }) => route.id) ?? null;

it('find for every address the route that all of them find', () => {
  const shelfFor = routeShelves(build);
  const paths = Object.values(build.routes).map((route) => `/${(route?.path ?? '').replace(/:\w+/g, 'x1').replace('*', 'a/b')}`);
  expect(paths.length).toBeGreaterThan(70);
  for (const path of [...paths, '/', '/nothing/of/ours', '/receive/', '/admin/x/y/z', '/R/x', '//receive', '/%61dmin']) {
    expect([path, matched(shelfFor(path), path)]).toEqual([path, matched(build, path)]);
  }
});

it('are few for a recipient', () => {
  const shelfFor = routeShelves(build);
  const count = (path: string) => Object.keys(shelfFor(path).routes).length;
  expect(count('/r/x')).toBeLessThan(6);
  expect(count('/receive')).toBeLessThan(4);
  expect(shelfFor('/receive/codes/x')).toBe(shelfFor('/receive/codes/y'));
});
