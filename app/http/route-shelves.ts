import type { ServerBuild } from '@remix-run/node';

type Routes = ServerBuild['routes'];
type Route = NonNullable<Routes[string]>;

/**
 * The build for an address: the same, with only the routes that it can be of. The router weighs every route of a build
 * again for each request; of some eighty, a recipient's page would pay for seventy of the console's.
 * @returns a function from a path to one of the builds, always the same one for the same path
 */
export function routeShelves(build: ServerBuild): (path: string) => ServerBuild {
  const routes = Object.values(build.routes).filter((route) => route !== undefined);
  const wholes = new Map(routes.map((route) => [route.id, wholePath(build.routes, route)]));
  const shelf = (belongs: (whole: string) => boolean): ServerBuild => {
    const own = new Set(routes.filter(({ id }) => belongs(wholes.get(id) ?? '')).flatMap((route) => withParents(build.routes, route)));
    return { ...build, routes: Object.fromEntries([...own].map((route) => [route.id, route])) as Routes };
  };
  const shelves = new Map<string, ServerBuild>();
  for (const whole of wholes.values()) {
    const first = beginning(whole);
    if (first === '') continue;
    // Without a fixed beginning (the root, a parameter) a route may be anybody's.
    if (!shelves.has(first))
      shelves.set(
        first,
        shelf((other) => beginning(other) === first || beginning(other) === ''),
      );
    // A path that is fixed as a whole comes before every one with parameters.
    if (!/[:*?]/.test(whole))
      shelves.set(
        `/${whole}`,
        shelf((other) => other === whole),
      );
  }
  return (path) => shelves.get(path) ?? shelves.get(path.split('/')[1] ?? '') ?? build;
}

function withParents(routes: Routes, route: Route): Route[] {
  const parent = route.parentId ? routes[route.parentId] : undefined;
  return parent ? [...withParents(routes, parent), route] : [route];
}

function wholePath(routes: Routes, route: Route): string {
  return withParents(routes, route)
    .map(({ path }) => path ?? '')
    .filter((path) => path !== '')
    .join('/');
}

/** The first part of a whole path; empty when it has none that is fixed. */
function beginning(whole: string): string {
  const first = whole.split('/')[0] ?? '';
  return /[:*?]/.test(first) ? '' : first;
}
