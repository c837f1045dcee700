import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { OverviewPage } from './pages/overview.tsx';
import { readSearch } from './scope/search.ts';
import { NoPage } from './shell/no-page.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, validateSearch: readSearch, notFoundComponent: NoPage });

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/health',
    component: lazyRouteComponent(() => import('./pages/health.tsx'), 'HealthPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/days/$day',
    component: lazyRouteComponent(() => import('./pages/day.tsx'), 'DayPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/retention',
    component: lazyRouteComponent(() => import('./pages/retention.tsx'), 'RetentionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/funnels',
    component: lazyRouteComponent(() => import('./pages/funnels.tsx'), 'FunnelsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/revenue',
    component: lazyRouteComponent(() => import('./pages/revenue.tsx'), 'RevenuePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/engagement',
    component: lazyRouteComponent(() => import('./pages/engagement.tsx'), 'EngagementPage'),
  }),
]);

/** The pages by their paths; without a history, that of the browser. */
export function createPageRouter(history?: RouterHistory) {
  return createRouter({
    ...(history === undefined ? {} : { history }),
    routeTree: routes,
    defaultPreload: 'intent',
    scrollRestoration: history === undefined,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(
        Object.entries(search as Record<string, string | undefined>).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        ),
      ).toString();
      return text === '' ? '' : `?${text}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
