/** How the curve of each compared run is drawn: colour and dashes say the same. */
export const CURVES = [
  { stroke: 'var(--series-1)', dash: '' },
  { stroke: 'var(--series-3)', dash: '8 4' },
  { stroke: 'var(--series-2)', dash: '2 3' },
  { stroke: 'var(--series-6)', dash: '10 3 2 3' },
]
