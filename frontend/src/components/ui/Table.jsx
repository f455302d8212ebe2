/** @import { ReactNode } from 'react' */

/**
 * @typedef {{ text: string, number?: boolean, className?: string, sort?: 'none' | 'ascending' | 'descending', onSort?: () => void }} Column
 */

/**
 * A data table; columns marked `number` are right-aligned, those with `onSort` have a button. Where it is wider than its box, the box
 * scrolls (and takes the focus, so that the keyboard can scroll it), never the page.
 * With `pinned` the first column stays in view meanwhile.
 * @param {{ label: string, columns: Column[], pinned?: boolean, children: ReactNode }} props
 */
export function Table({ label, columns, pinned = false, children }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <div role="group" aria-label={`${label} table`} tabIndex={0} className="@container overflow-x-auto">
      <table aria-label={label} className={`data-table ${pinned ? 'pinned' : ''}`}>
        <thead>
          <tr>
            {columns.map(({ text, number, className = '', sort, onSort }) => (
              <th key={text} scope="col" className={`${number ? 'number' : ''} ${className}`} aria-sort={sort}>
                {onSort ? <SortButton text={text} sort={sort} onSort={onSort} /> : text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** @param {{ text: string, sort: Column['sort'], onSort: () => void }} props */
function SortButton({ text, sort, onSort }) {
  return (
    <button type="button" onClick={onSort} className="inline-flex min-h-6 items-center gap-1 hover:text-ink">
      {text}
      <span aria-hidden="true" className={sort === 'none' ? 'invisible' : ''}>
        {sort === 'descending' ? '▾' : '▴'}
      </span>
    </button>
  )
}
