import { ArrowDownRight, ArrowUpRight } from 'lucide-react'

/** @param {{ direction: import('../../api/types').Direction }} props */
export function DirectionWord({ direction }) {
  const long = direction === 'long'
  const Icon = long ? ArrowUpRight : ArrowDownRight
  return (
    <span className={`inline-flex items-center gap-1 text-xs font-semibold ${long ? 'text-up' : 'text-down'}`}>
      <Icon aria-hidden="true" className="size-3.5" />
      {long ? 'Long' : 'Short'}
    </span>
  )
}
