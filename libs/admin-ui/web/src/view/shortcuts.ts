import { useEffect } from 'preact/hooks';
import { PAGES } from '../pages/pages.ts';
import { go, href } from '../state/router.ts';
import { nextTheme } from '../state/theme.ts';

/** How long after `g` the second key counts. */
const CHORD_MS = 1500;

/** Single keys, dead while something is being typed and when a modifier is held. */
export function useShortcuts(showHelp: () => void): void {
  useEffect(() => {
    let goPressedAt = -CHORD_MS;
    const onKeyDown = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const page = PAGES.find(({ key }) => key === event.key);
      if (page && event.timeStamp - goPressedAt < CHORD_MS) go(href(page.path));
      else if (event.key === 'g') goPressedAt = event.timeStamp;
      else if (event.key === '/') document.querySelector<HTMLElement>('[data-filter]')?.focus();
      else if (event.key === 't') nextTheme();
      else if (event.key === '?') showHelp();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [showHelp]);
}
