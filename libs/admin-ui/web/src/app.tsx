import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { plural } from './model/format.ts';
import { PAGES, type Page } from './pages/pages.ts';
import { problemsOf } from './model/problems.ts';
import { health, routes } from './state/documents.ts';
import { registryStream } from './state/registry.ts';
import { href, place } from './state/router.ts';
import { useStore } from './state/store.ts';
import { nextTheme, theme } from './state/theme.ts';
import { trafficStream } from './state/traffic.ts';
import { ConnectionBanner } from './view/banner.tsx';
import { Help } from './view/help.tsx';
import { Icon, Mark } from './view/icons.tsx';
import { useShortcuts } from './view/shortcuts.ts';
import { Status } from './view/status.tsx';

export function App(): JSX.Element {
  const { path } = useStore(place);
  const page = PAGES.find((candidate) => candidate.path === path) ?? PAGES[0];
  const [helping, setHelping] = useState(false);
  useShortcuts(() => setHelping(true));
  useEffect(() => {
    document.title = `${page.title} · Cardea`;
  }, [page]);
  useEffect(() => trafficStream.acquire(), []);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <Navigation current={page} onHelp={() => setHelping(true)} />
      <main id="main" tabIndex={-1}>
        <ConnectionBanner stream={trafficStream} />
        <ConnectionBanner stream={registryStream} unless={trafficStream} />
        <page.View />
      </main>
      {helping && <Help onClose={() => setHelping(false)} />}
    </>
  );
}

/** The hash is the page's address, so that the browser cannot follow the link itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Navigation({ current, onHelp }: { readonly current: Page; readonly onHelp: () => void }): JSX.Element {
  const { data } = useStore(routes.state);
  const problems = problemsOf(data);
  const broken = problems.some(({ severity }) => severity === 'error');
  const chosen = useStore(theme);
  return (
    <nav aria-label="Pages">
      <a class="brand" href={href('overview')}>
        <Mark />
        <span>Cardea</span>
      </a>
      <ul>
        {PAGES.map((page) => (
          <li key={page.path}>
            <a href={href(page.path)} aria-current={page === current ? 'page' : undefined}>
              <Icon name={page.icon} />
              {page.title}
              {page.path === 'routes' && problems.length > 0 && (
                <span class="badge" data-tone={broken ? 'bad' : 'wait'} title={plural(problems.length, 'problem')}>
                  {problems.length}
                  <span class="unseen"> {problems.length === 1 ? 'problem' : 'problems'}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <div class="nav-end">
        <OverallHealth />
        <button type="button" class="quiet" onClick={nextTheme} aria-label={`Theme: ${chosen}. Change`}>
          <Icon name={chosen} />
          <span class="wide-only">Theme: {chosen}</span>
        </button>
        <button type="button" class="quiet" onClick={onHelp} aria-label="Keyboard shortcuts">
          <Icon name="keyboard" />
          <span class="wide-only">Keys</span>
        </button>
      </div>
    </nav>
  );
}

function OverallHealth(): JSX.Element {
  const { data, failure } = useStore(health.state);
  const status = failure === undefined ? (data?.status ?? 'UNKNOWN') : 'UNREACHABLE';
  return (
    <p class="overall" role="status">
      <span class="unseen">Health: </span>
      <Status status={status} />
    </p>
  );
}
