import { Panel } from '../../ui/Panel.jsx'
import { Ablation } from './Ablation.jsx'
import { Optimisation } from './Optimisation.jsx'
import { Sealed } from './Sealed.jsx'
import { WalkForward } from './WalkForward.jsx'

/** @import { BacktestReport } from '../../../api/backtestTypes' */

/**
 * What only a walk-forward, a search or an ablation tells.
 * @param {{ report: BacktestReport }} props
 */
export function KindSections({ report }) {
  const { walkForward, outside, optimisation, ablation, sealed, source } = report
  return (
    <>
      {walkForward && (
        <Panel title="Walk-forward folds" note="chosen on one part, traded on the next">
          <WalkForward folds={walkForward} outside={outside} />
        </Panel>
      )}
      {optimisation && (
        <Panel title="Trials" note="the best of them is the run below">
          <Optimisation found={optimisation} overfitting={report.examination?.overfitting?.probability ?? null} />
        </Panel>
      )}
      {ablation && (
        <Panel title="Without each component" note="the threshold lowered in proportion">
          <Ablation rows={ablation} />
        </Panel>
      )}
      {sealed && (
        <Panel title="The sealed part">
          <Sealed sealed={sealed} source={source} />
        </Panel>
      )}
    </>
  )
}
