/** How every Recharts panel draws its axes. */
export const MARGIN = { top: 8, right: 16, bottom: 0, left: 0 }
export const AXIS = { stroke: 'var(--line)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false }
export const Y_WIDTH = 68
