import type { JSX } from 'preact';
import { focusTable } from './virtual-table.tsx';

export interface FilterBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** `/` brings the focus here, arrow down on to the table, Escape empties and then leaves. */
export function FilterBox({ label, placeholder, value, onInput }: FilterBoxProps): JSX.Element {
  return (
    <label class="filter">
      <span class="unseen">{label}</span>
      <input
        type="search"
        data-filter
        placeholder={placeholder}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'Enter') focusTable();
          else if (event.key !== 'Escape') return;
          else if (value !== '') onInput('');
          else focusTable();
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
