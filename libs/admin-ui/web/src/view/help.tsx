import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PAGES } from '../pages/pages.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Filter'],
  ['↑ ↓', 'Move between rows; Page Up, Page Down, Home and End work too'],
  ['← →', 'Fold and unfold a service'],
  ['Enter', 'Open details'],
  ['Esc', 'Close, or leave the filter'],
  ['t', 'Theme: system, light, dark'],
  ['?', 'This list'],
];

export function Help({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keyboard</h2>
      <dl class="keys">
        {PAGES.map((page) => (
          <div key={page.path}>
            <dt>
              <kbd>g</kbd> <kbd>{page.key}</kbd>
            </dt>
            <dd>{page.title}</dd>
          </div>
        ))}
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
