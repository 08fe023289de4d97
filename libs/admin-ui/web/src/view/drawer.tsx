import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { focusTable } from './virtual-table.tsx';

export interface DrawerProps {
  readonly title: string;
  readonly subtitle?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Details beside the table. The table stays usable; Escape closes and gives the focus back. */
export function Drawer({ title, subtitle, onClose, children }: DrawerProps): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), [title]);
  const close = () => {
    onClose();
    focusTable();
  };
  return (
    <section
      ref={panel}
      class="drawer"
      role="dialog"
      aria-labelledby="drawer-title"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <div>
          <h2 id="drawer-title">{title}</h2>
          {subtitle && <p class="subtle">{subtitle}</p>}
        </div>
        <button type="button" class="quiet" onClick={close} aria-label="Close details">
          <Icon name="cross" />
        </button>
      </header>
      <div class="drawer-body">{children}</div>
    </section>
  );
}

/** Name and value pairs; a value that is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
