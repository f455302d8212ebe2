/**
 * Where the price stands between stop and target, drawn to scale. The figures stand beside it.
 * @param {{ stop: number, entry: number, target: number, current: number | null }} props
 */
export function PriceLadder({ stop, entry, target, current }) {
  /** @param {number} price */
  const position = (price) => `${Math.min(100, Math.max(0, (100 * (price - stop)) / (target - stop)))}%`
  return (
    // As wide as half the mark on each side, so that it is whole at the stop and at the target.
    <div aria-hidden="true" className="w-full min-w-24 overflow-x-clip px-1.25 forced-color-adjust-none">
      <div className="relative h-2.5">
        <div className="absolute inset-x-0 top-1 h-0.5 rounded bg-line" />
        <div className="absolute top-1 left-0 h-0.5 rounded-l bg-down/70" style={{ width: position(entry) }} />
        <div className="absolute top-1 right-0 h-0.5 rounded-r bg-up/70" style={{ left: position(entry) }} />
        <div data-mark="entry" className="absolute top-0 h-2.5 w-px bg-muted" style={{ left: position(entry) }} />
        {current !== null && (
          <div className="absolute inset-0" style={{ transform: `translateX(${position(current)})` }}>
            <div className="size-2.5 -translate-x-1/2 rounded-full border-2 border-surface bg-ink" />
          </div>
        )}
      </div>
    </div>
  )
}
