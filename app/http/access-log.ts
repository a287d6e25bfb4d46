import { matchRoutes } from '@remix-run/react';
import type { RequestHandler } from 'express';
import type { Clock } from '../clock';
import type { Log } from '../portal';

interface RouteEntry {
  readonly id: string;
  readonly parentId?: string;
  readonly path?: string;
  readonly index?: boolean;
}
interface RouteNode {
  path?: string;
  index?: boolean;
  children: RouteNode[];
}

/** One line for each answer. It names the route's pattern, never the address: addresses hold links. */
export function accessLog(options: { log: Log; clock: Clock; patternOf: (path: string) => string }): RequestHandler {
  return (request, response, next) => {
    const started = options.clock.now().getTime();
    response.on('close', () => {
      options.log.info(
        {
          method: request.method,
          route: options.patternOf(request.path),
          status: response.statusCode,
          ms: options.clock.now().getTime() - started,
          // The client went away before it had its answer.
          ...(response.writableFinished ? {} : { cut: true }),
        },
        'request',
      );
    });
    next();
  };
}

/** Finds the pattern (`/r/:token`) that an address belongs to, from the routes of the build. */
export function routePatterns(routes: Readonly<Record<string, RouteEntry | undefined>>): (path: string) => string {
  const tree = treeOf(Object.values(routes).filter((route) => route !== undefined));
  // Addresses that are their own pattern need no second search; they are as many as the routes.
  const plain = new Set(['/healthz', '/readyz']);
  return (path) => {
    if (path.startsWith('/assets/')) return '/assets/*';
    if (plain.has(path)) return path;
    if (!isReadable(path)) return '(unreadable)';
    // React Router's types want either an index or children; a route of ours may be both empty.
    const found = matchRoutes(tree as Parameters<typeof matchRoutes>[0], path.replace(/\.data$/, ''));
    const pattern = found?.map(({ route }) => route.path ?? '').filter(Boolean);
    if (!pattern) return '(none)';
    const name = `/${pattern.join('/')}`;
    if (name === path) plain.add(path);
    return name;
  };
}

function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

function treeOf(routes: readonly RouteEntry[], parentId?: string): RouteNode[] {
  return routes
    .filter((route) => (route.parentId || undefined) === parentId)
    .map(({ id, path, index }) => ({ path, index, children: treeOf(routes, id) }))
    .map(({ children, ...node }) => (node.index ? (node as RouteNode) : { ...node, children }));
}
