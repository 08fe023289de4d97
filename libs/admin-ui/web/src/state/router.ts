import { Store } from './store.ts';

/** `#/services?q=orders`: the hash keeps deep links away from the server's routes. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path, query: new URLSearchParams(query) };
}

export function href(path: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${path}${text === '' ? '' : `?${text}`}`;
}

export const place = new Store<Place>(parsePlace(location.hash));
window.addEventListener('hashchange', () => place.set(parsePlace(location.hash)));

export function go(target: string): void {
  location.hash = target;
}

/** Changes the address without a step in the history: for what is typed. */
export function rewrite(target: string): void {
  history.replaceState(null, '', target);
  place.set(parsePlace(target));
}
