/** @import { ReactNode } from 'react' */

/**
 * A data table; columns marked `number` are right-aligned. Where it is wider than its box, the box
 * scrolls (and takes the focus, so that the keyboard can scroll it), never the page.
 * @param {{ label: string, columns: { text: string, number?: boolean }[], children: ReactNode }} props
 */
export function Table({ label, columns, children }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <div role="group" aria-label={`${label} table`} tabIndex={0} className="overflow-x-auto">
      <table aria-label={label} className="data-table">
        <thead>
          <tr>
            {columns.map(({ text, number }) => (
              <th key={text} scope="col" className={number ? 'number' : undefined}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
