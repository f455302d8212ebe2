import { EmptyNotice, ErrorNotice } from './Notices.jsx'

/** @import { ReactNode } from 'react' */
/** @import { UseQueryResult } from '@tanstack/react-query' */

/**
 * The states of one read: loading, failed, empty, loaded, and loaded once but failing now.
 * @template Data
 * @param {object} props
 * @param {string} props.what names the data in sentences, such as "The trade history"
 * @param {Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>} props.query
 * @param {ReactNode} props.skeleton as large as the loaded content
 * @param {(data: Data) => boolean} [props.isEmpty]
 * @param {{ title: string, text?: ReactNode }} [props.empty]
 * @param {string} [props.emptyClassName]
 * @param {(data: Data) => ReactNode} props.children
 */
export function QueryContent({ what, query, skeleton, isEmpty, empty, emptyClassName, children }) {
  const { data, error, refetch } = query
  const retry = () => void refetch()
  if (data === undefined) {
    if (error) return <ErrorNotice what={what} error={error} onRetry={retry} />
    return (
      <div aria-busy="true">
        <span className="sr-only">Loading {what.toLowerCase()}</span>
        {skeleton}
      </div>
    )
  }
  return (
    <>
      {error && <ErrorNotice what={what} error={error} onRetry={retry} kept />}
      {isEmpty?.(data) && empty ? (
        <EmptyNotice title={empty.title} className={emptyClassName}>
          {empty.text}
        </EmptyNotice>
      ) : (
        children(data)
      )}
    </>
  )
}
