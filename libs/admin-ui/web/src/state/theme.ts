import { Store } from './store.ts';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'cardea.theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    return ORDER.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system'; // storage may be forbidden
  }
}

export const theme = new Store<Theme>(stored());

/** Changes whenever colours do, by choice or by the system, for what paints on a canvas. */
export const palette = new Store({});

function paint(): void {
  const chosen = theme.get();
  const ofSystem = systemIsDark.matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = chosen === 'system' ? ofSystem : chosen;
  palette.set({});
}

export function nextTheme(): void {
  const next = ORDER[(ORDER.indexOf(theme.get()) + 1) % ORDER.length] ?? 'system';
  theme.set(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Kept for this visit only.
  }
  paint();
}

export function startTheme(): void {
  paint();
  systemIsDark.addEventListener('change', paint);
}
