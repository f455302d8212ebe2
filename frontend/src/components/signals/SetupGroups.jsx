import { formatBareR, formatCount } from '../../format/numbers.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'

/** @import { SetupGroup } from '../../api/types' */

const HEADINGS = ['Signals', 'Taken', 'Won', 'Lost', 'R']

/**
 * What each model or kill zone proposed and what came of it.
 * @param {{ title: string, groups: SetupGroup[], words: (name: string | null) => string }} props
 */
export function SetupGroups({ title, groups, words }) {
  return (
    <table aria-label={`Signals by ${title.toLowerCase()}`} className="figures w-full text-xs">
      <thead className="text-muted">
        <tr>
          <th scope="col" className="pb-1 text-left font-medium">
            {title}
          </th>
          {HEADINGS.map((heading) => (
            <th key={heading} scope="col" className="pb-1 pl-2 text-right font-medium">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(({ name, signals, buy, sell, taken, won, lost, resultR }) => (
          <tr key={name ?? ''} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-normal">
              {words(name)}
            </th>
            <td className="pl-2 text-right" title={`${formatCount(buy)} buy, ${formatCount(sell)} sell`}>
              {formatCount(signals)}
            </td>
            <td className="pl-2 text-right">{formatCount(taken)}</td>
            <td className="pl-2 text-right">{formatCount(won)}</td>
            <td className="pl-2 text-right">{formatCount(lost)}</td>
            <td className="pl-2 text-right">{won + lost === 0 ? '—' : <SignedNumber value={resultR} format={formatBareR} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
