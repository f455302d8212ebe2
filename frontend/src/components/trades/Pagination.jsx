import { ChevronLeft, ChevronRight } from 'lucide-react'

import { formatCount } from '../../format/numbers.js'
import { Button } from '../ui/Button.jsx'

/**
 * @param {{ label?: string, words?: string, page: number, pages: number, total: number, onPage: (page: number) => void }} props
 */
export function Pagination({ label = 'Trade history pages', words = 'closed trades', page, pages, total, onPage }) {
  return (
    <nav aria-label={label} className="figures flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2 text-xs text-muted">
      <span>{formatCount(total)} {words}</span>
      <div className="flex items-center gap-2">
        <Button disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label="Previous page">
          <ChevronLeft aria-hidden="true" className="size-4" />
        </Button>
        <span aria-current="page">
          Page {formatCount(page)} of {formatCount(Math.max(pages, 1))}
        </span>
        <Button disabled={page >= pages} onClick={() => onPage(page + 1)} aria-label="Next page">
          <ChevronRight aria-hidden="true" className="size-4" />
        </Button>
      </div>
    </nav>
  )
}
