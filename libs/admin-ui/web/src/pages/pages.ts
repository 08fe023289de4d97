import type { JSX } from 'preact';
import type { IconName } from '../view/icons.tsx';
import { InstancesPage } from './instances.tsx';
import { OverviewPage } from './overview.tsx';
import { RoutesPage } from './routes.tsx';

export interface Page {
  /** In the address: `#/services`. */
  readonly path: string;
  readonly title: string;
  /** Pressed after `g`, goes there. */
  readonly key: string;
  readonly icon: IconName;
  readonly View: () => JSX.Element;
}

/** In the order of the navigation; the first is the start page. */
export const PAGES: readonly [Page, ...Page[]] = [
  { path: 'overview', title: 'Overview', key: 'o', icon: 'overview', View: OverviewPage },
  { path: 'services', title: 'Services', key: 's', icon: 'services', View: InstancesPage },
  { path: 'routes', title: 'Routes', key: 'r', icon: 'routes', View: RoutesPage },
];
