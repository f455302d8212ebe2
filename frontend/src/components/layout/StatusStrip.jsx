import { CircleCheck, CircleDashed, CirclePause, CircleX, Clock, LoaderCircle, TriangleAlert, Wifi, WifiOff } from 'lucide-react'

import { formatMinuteInNewYork, nextKillZone } from '../../format/killZones.js'
import { formatAge, formatClockUtc, formatDuration, formatMinuteOfDayUtc, formatMinuteUtc } from '../../format/times.js'
import { killZoneWords, spellOut } from '../../format/words.js'
import { useNow } from '../../hooks/useNow.js'
import { ModeBadge } from './ModeBadge.jsx'

/** @import { LucideIcon } from 'lucide-react' */
/** @import { ReactNode } from 'react' */
/** @import { Monitor, MonitorState } from '../../api/types' */
/** @import { ConnectionState } from '../../api/liveConnection.js' */
/** @import { Freshness } from '../../contexts/freshness.js' */
/** @import { ModeWord } from './ModeBadge.jsx' */

/** @type {Record<MonitorState, { word: string, Icon: LucideIcon, colour: string }>} */
const MONITOR_STATES = {
  starting: { word: 'Starting', Icon: LoaderCircle, colour: 'text-warn' },
  warming_up: { word: 'Warming up', Icon: LoaderCircle, colour: 'text-warn' },
  running: { word: 'Running', Icon: CircleCheck, colour: 'text-up' },
  stale: { word: 'Stale data', Icon: TriangleAlert, colour: 'text-warn' },
  halted: { word: 'Halted', Icon: CircleX, colour: 'text-danger' },
  stopped: { word: 'Stopped', Icon: CirclePause, colour: 'text-danger' },
}

/**
 * What must be known before any figure is believed, always in view.
 * @param {object} props
 * @param {ModeWord | null} props.mode null until the server said so
 * @param {ConnectionState | undefined} props.connection
 * @param {Freshness | undefined} props.freshness
 * @param {Monitor | null} props.monitor
 * @param {boolean} [props.silent] the server answers nothing: what the monitor does is not known
 * @param {string | null} props.killZone
 * @param {ReactNode} [props.control] the way to stop
 */
export function StatusStrip({ mode, connection, freshness, monitor, silent = false, killZone, control }) {
  return (
    <div className="border-b border-line bg-surface text-xs">
      <div className="mx-auto flex max-w-[100rem] flex-col gap-x-5 gap-y-1 px-3 py-1.5 whitespace-nowrap sm:px-4 lg:flex-row lg:items-center">
        <ul className="flex items-center gap-x-2 sm:gap-x-5">
          <li>{mode ? <ModeBadge word={mode} /> : <span className="text-muted">Mode unknown</span>}</li>
          <ConnectionItem connection={connection} freshness={freshness} />
          {control && <li className="ml-auto lg:ml-0">{control}</li>}
        </ul>
        <ul className="flex min-w-0 flex-1 items-center gap-x-3 max-lg:flex-wrap sm:gap-x-5">
          {silent ? <UnknownMonitor last={monitor} /> : <MonitorItem monitor={monitor} />}
          <KillZoneItem killZone={killZone} />
          <li className="ml-auto flex shrink-0 items-center gap-1.5">
            <Clock aria-hidden="true" className="size-3.5 text-muted max-sm:hidden" />
            <Clocks />
          </li>
        </ul>
      </div>
    </div>
  )
}

const LINK_WORDS = { connecting: 'Connecting', connected: 'Connected', disconnected: 'Disconnected' }

/** @param {{ connection: ConnectionState | undefined, freshness: Freshness | undefined }} props */
function ConnectionItem({ connection, freshness }) {
  const status = connection?.status ?? 'connecting'
  const connected = status === 'connected'
  const Icon = connected ? Wifi : WifiOff
  return (
    <li className="flex min-w-0 items-center gap-1.5 overflow-hidden">
      <Icon aria-hidden="true" className={`size-3.5 shrink-0 ${connected ? 'text-up' : status === 'disconnected' ? 'text-danger' : 'text-warn'}`} />
      <span className="font-medium max-[22rem]:sr-only">{LINK_WORDS[status]}</span>
      <DataAge freshness={freshness} />
    </li>
  )
}

/** @param {{ freshness: Freshness | undefined }} props */
function DataAge({ freshness }) {
  if (!freshness || freshness.ageSeconds === null) return <span className="text-muted">data age —</span>
  const old = freshness.level !== 'fresh'
  return (
    <span className={`figures min-w-20 max-[22rem]:min-w-0 ${old ? 'font-medium text-warn' : 'text-muted'}`}>
      <span className="max-[22rem]:sr-only">data </span>
      {formatAge(freshness.ageSeconds * 1000)} <span className="max-[22rem]:sr-only">old</span>
    </span>
  )
}

/** @param {{ last: Monitor | null }} props */
function UnknownMonitor({ last }) {
  return (
    <li className="flex items-center gap-1.5">
      <CircleDashed aria-hidden="true" className="size-3.5 text-danger" />
      <span className="text-muted max-sm:sr-only">Monitor</span>
      <span className="font-medium text-danger">No answer</span>
      {last && <span className="text-muted">last: {(MONITOR_STATES[last.state]?.word ?? spellOut(last.state)).toLowerCase()}</span>}
    </li>
  )
}

/** @param {{ monitor: Monitor | null }} props */
function MonitorItem({ monitor }) {
  if (monitor === null) {
    return (
      <li className="flex items-center gap-1.5 text-muted">
        <CircleDashed aria-hidden="true" className="size-3.5" />
        Monitor: no word yet
      </li>
    )
  }
  const { word, Icon, colour } = MONITOR_STATES[monitor.state] ?? { word: spellOut(monitor.state), Icon: CircleDashed, colour: 'text-muted' }
  const quarantined = monitor.quarantined ?? []
  const reasons = quarantined.map(({ symbol, reason }) => `${symbol} is in quarantine: ${reason}`).join(' ')
  const detail = monitor.entriesPaused ?? (reasons || monitor.detail)
  return (
    <li className="flex min-w-0 items-center gap-1.5 max-lg:flex-wrap max-lg:shrink-0">
      <Icon aria-hidden="true" className={`size-3.5 shrink-0 ${colour}`} />
      <span className="text-muted max-sm:sr-only">Monitor</span>
      <span className="font-medium">{word}</span>
      {monitor.catchingUp && (
        <span className="figures font-medium text-warn">
          catching up<span className="max-sm:hidden">, market at {formatMinuteUtc(monitor.marketTime)} UTC</span>
        </span>
      )}
      {monitor.entriesPaused && (
        <span className="font-medium text-warn" title={monitor.entriesPaused}>
          no new entries
        </span>
      )}
      {quarantined.length > 0 && (
        <span className="font-medium text-danger" title={reasons}>
          {quarantined.map(({ symbol }) => symbol).join(', ')} in quarantine
        </span>
      )}
      <span className="hidden min-w-0 truncate text-muted lg:inline" title={detail}>
        {detail}
      </span>
    </li>
  )
}

/** The open kill zone as the monitor names it; else the one to wait for. @param {{ killZone: string | null }} props */
function KillZoneItem({ killZone }) {
  const now = useNow()
  const next = nextKillZone(now)
  return (
    <li className="figures flex min-w-0 items-center gap-1.5 max-lg:flex-1 max-lg:basis-20 lg:shrink-0">
      <span className="text-muted max-sm:sr-only">{killZone ? 'Kill zone' : 'Next kill zone'}</span>
      {killZone ? (
        <span className="truncate font-medium">{killZone}</span>
      ) : (
        <span className="truncate">
          {killZoneWords(next.name)} <span className="text-muted">in {formatDuration(next.opensAt - now)}<span className="max-sm:hidden">, {formatMinuteOfDayUtc(next.opensAt)} UTC</span></span>
        </span>
      )}
    </li>
  )
}

/** UTC, and New York, whose clock the kill zones follow. */
function Clocks() {
  const now = useNow()
  return (
    <>
      <time dateTime={new Date(now).toISOString()} className="figures font-medium">
        {formatClockUtc(now)} UTC
      </time>
      <span className="figures ml-2 text-muted max-xl:hidden">{formatMinuteInNewYork(now)} New York</span>
    </>
  )
}
