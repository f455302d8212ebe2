/**
 * Every failed request becomes one of these, whatever went wrong on the way.
 * `status` is the HTTP status, or 0 when no answer arrived.
 */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message a sentence for a person
   * @param {unknown} [details]
   */
  constructor(status, code, message, details) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.details = details
  }
}

/**
 * The sentence to show for any thrown value.
 * @param {unknown} error
 */
export function errorSentence(error) {
  return error instanceof Error ? error.message : 'Something went wrong.'
}

/**
 * A short reference for whoever looks into it, such as `unavailable · 503 · 9f2c`: the error's code,
 * the HTTP status and, where the server logged it, the id to look for.
 * @param {unknown} error
 */
export function errorReference(error) {
  if (!(error instanceof ApiError)) return null
  const { code, status, details } = error
  const id = typeof details === 'object' && details !== null && 'errorId' in details ? String(details.errorId) : ''
  return [code, status || '', id].filter(Boolean).join(' · ')
}

/**
 * The inputs that the server refused, by name.
 * @param {ApiError} error
 * @returns {string[]}
 */
export function refusedFields({ details }) {
  const named = typeof details === 'object' && details !== null && 'fields' in details ? details.fields : null
  return typeof named === 'object' && named !== null ? Object.keys(named) : []
}
