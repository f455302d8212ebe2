import { lazy, Suspense, useId } from 'react'

import { formatCount, formatR } from '../../../format/numbers.js'

/** @import { FanPoint } from '../../../api/backtestTypes' */

const FanChart = lazy(() => import('./FanChart.jsx'))

/**
 * What the same trades could have added up to in another order of luck.
 * @param {{ fan: FanPoint[] }} props
 */
export function BootstrapFan({ fan }) {
  const captionId = useId()
  const last = fan.at(-1)
  return (
    <figure aria-labelledby={captionId} className="px-1 pt-2 pb-3">
      <div role="img" aria-label="Resampled results" aria-describedby={captionId} className="figures h-64">
        <Suspense fallback={<div className="skeleton mx-3 h-60" />}>
          <FanChart fan={fan} />
        </Suspense>
      </div>
      <figcaption id={captionId} className="px-3 pt-2 text-xs text-muted">
        {last &&
          `Net R after so many trades, drawn again in blocks. After ${formatCount(last.trade)} trades 90 % of the draws end between ${formatR(last.p5)} and ${formatR(last.p95)}, half of them between ${formatR(last.p25)} and ${formatR(last.p75)}; the median is ${formatR(last.p50)}.`}
      </figcaption>
    </figure>
  )
}
