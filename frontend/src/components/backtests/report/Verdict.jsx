import { verdictSentence } from '../words.js'

/** @import { BacktestReport } from '../../../api/backtestTypes' */

/**
 * The first thing to know of a run, in the server's own sentence.
 * @param {{ report: BacktestReport }} props
 */
export function Verdict({ report }) {
  return (
    <section aria-label="Verdict" className="rounded-xl border border-line border-l-4 border-l-accent bg-surface px-4 py-3">
      <p className="text-base leading-6 font-semibold break-words">{verdictSentence(report.verdict)}</p>
      <p className="mt-1 text-xs text-muted">This is about these candles and these costs. It says nothing certain about the next trade.</p>
    </section>
  )
}
