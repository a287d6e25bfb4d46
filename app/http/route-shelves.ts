import type { ServerBuild } from '@remix-run/node';

type Routes = ServerBuild['routes'];
type Route = NonNullable<Routes[string]>;

/**
 * The build for an address: the same, with only the routes that begin as it does. The router weighs every route of a build
 * again for each request; of some eighty, a recipient's page would pay for seventy of the console's.
 * @returns a function from a path to one of a few builds, always the same one for the same beginning
 */
export function routeShelves(build: ServerBuild): (path: string) => ServerBuild {
  const routes = Object.values(build.routes).filter((route) => route !== undefined);
  const firsts = new Map(routes.map((route) => [route.id, beginning(build.routes, route)]));
  const shelves = new Map<string, ServerBuild>();
  for (const first of firsts.values()) {
    if (first === null || shelves.has(first)) continue;
    // Without a fixed beginning (the root, a parameter) a route may be anybody's.
    const own = routes.filter(({ id }) => firsts.get(id) === first || firsts.get(id) === null);
    shelves.set(first, { ...build, routes: Object.fromEntries(own.map((route) => [route.id, route])) as Routes });
  }
  return (path) => shelves.get(path.split('/')[1] ?? '') ?? build;
}

/** The first part of a route's whole path; null when it has none that is fixed. */
function beginning(routes: Routes, route: Route): string | null {
  const parent = route.parentId ? routes[route.parentId] : undefined;
  const first = (parent && beginning(routes, parent)) ?? route.path?.split('/')[0] ?? '';
  return first === '' || /^[:*]/.test(first) || first.includes('?') ? null : first;
}
