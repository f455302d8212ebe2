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
 * A short reference for support, such as `unavailable · 503`.
 * @param {unknown} error
 */
export function errorReference(error) {
  if (!(error instanceof ApiError)) return null
  return error.status === 0 ? error.code : `${error.code} · ${error.status}`
}
