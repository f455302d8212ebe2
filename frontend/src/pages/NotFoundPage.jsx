import { Link } from 'react-router'

/** An address that names no page. */
export default function NotFoundPage() {
  return (
    <div className="grid min-h-[60dvh] place-content-center justify-items-center gap-3 text-center">
      <h1 className="text-lg font-semibold">There is no such page</h1>
      <p className="max-w-prose text-muted">The address may be mistyped, or from another version of this system.</p>
      <Link to="/" className="inline-flex min-h-8 items-center text-accent underline pointer-coarse:min-h-11">
        Go to the dashboard
      </Link>
    </div>
  )
}
