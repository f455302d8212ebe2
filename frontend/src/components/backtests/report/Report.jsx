import { isKnown } from '../../../format/numbers.js'
import { EquityFigure } from '../../chart/EquityFigure.jsx'
import { chartPoints } from '../../chart/equityPoints.js'
import { EmptyNotice } from '../../ui/Notices.jsx'
import { Panel } from '../../ui/Panel.jsx'
import { BootstrapFan } from './BootstrapFan.jsx'
import { Assumptions, DataQuality, Refusals } from './Conditions.jsx'
import { Examined } from './Examined.jsx'
import { Figures } from './Figures.jsx'
import { GroupTables } from './GroupTables.jsx'
import { KindSections } from './KindSections.jsx'
import { MonthlyReturns } from './MonthlyReturns.jsx'
import { TradesOnPrice } from './TradesOnPrice.jsx'
import { Verdict } from './Verdict.jsx'
import { verdictSentence } from '../words.js'

/** @import { BacktestJob, BacktestReport } from '../../../api/backtestTypes' */

/**
 * What came of a run: the verdict first, then what it rests on.
 * @param {{ job: BacktestJob, report: BacktestReport }} props
 */
export function Report({ job, report }) {
  const depth = report.figures.max_drawdown?.value
  return (
    <div className="flex flex-col gap-4">
      <Verdict report={report} />
      <KindSections report={report} />
      {report.outside && report.examination && <PlainRun sentence={report.examination.verdict.sentence} />}
      <Panel title="Figures" note="after fees, slippage and funding">
        <Figures figures={report.figures} />
      </Panel>
      <Panel title="Equity and drawdown" note="USDT, times in UTC">
        <EquityFigure points={chartPoints(report.equity.points, undefined)} initialBalance={job.request.initialBalance} maxDrawdown={isKnown(depth) ? depth * 100 : null} />
      </Panel>
      <Panel title="Return by month" note="of the equity, UTC months">
        <MonthlyReturns monthly={report.monthly} />
      </Panel>
      {report.trades.length === 0 ? (
        <Panel title="Trades">
          <EmptyNotice title="No trade was made.">The reasons are under “Setups not taken”.</EmptyNotice>
        </Panel>
      ) : (
        <>
          <TradesOnPrice job={job} report={report} />
          <Panel title="Where the result came from">
            <GroupTables tables={report.tables} />
          </Panel>
        </>
      )}
      <Background job={job} report={report} />
    </div>
  )
}

/**
 * Before the figures of a walk-forward: they are not those of its folds.
 * @param {{ sentence: string }} props
 */
function PlainRun({ sentence }) {
  return (
    <section aria-label="The run without a search" className="px-1 pt-2">
      <h2 className="text-base font-semibold">The same time in one run, nothing searched</h2>
      <p className="mt-1 text-sm break-words text-muted">Everything below was traded with the parameters as asked for. {verdictSentence(sentence)}</p>
    </section>
  )
}

/**
 * How the result is to be taken, in two columns where there is room.
 * @param {{ job: BacktestJob, report: BacktestReport }} props
 */
function Background({ job, report }) {
  const { examination, bootstrap, trialsCounted } = report
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        {examination && (
          <Panel title="How much of it is luck" note="resampled, and held against chance">
            <Examined examination={examination} trialsCounted={trialsCounted} />
          </Panel>
        )}
        <Panel title="Costs and settings used">
          <Assumptions request={job.request} report={report} />
        </Panel>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        {bootstrap && (
          <Panel title="What else it could have been">
            <BootstrapFan fan={bootstrap.fan} />
          </Panel>
        )}
        <Panel title="Setups not taken" note="by reason">
          <Refusals refusals={report.refusals} />
        </Panel>
        <Panel title="The candles">
          <DataQuality report={report} />
        </Panel>
      </div>
    </div>
  )
}
