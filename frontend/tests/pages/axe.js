import axe from 'axe-core'

/** Colours and sizes need a real browser; everything else is checked here. */
const options = { rules: { 'color-contrast': { enabled: false } } }

/**
 * Names of the accessibility rules that a page breaks, each with the first offending element.
 * @param {Element} page
 */
export async function brokenRules(page) {
  const { violations } = await axe.run(page.ownerDocument.documentElement, options)
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
