import { lazy, Suspense } from 'react'
import { Navigate, Route, Routes } from 'react-router'

import { useAuth } from './contexts/AuthContext.jsx'
import { LoginPage } from './pages/LoginPage.jsx'

// The login page needs none of what the dashboard is made of.
const DashboardPage = lazy(() => import('./pages/DashboardPage.jsx'))

export function App() {
  const { session } = useAuth()
  return (
    <Suspense fallback={<p className="sr-only">Loading the dashboard</p>}>
      <Routes>
        <Route path="/login" element={session ? <Navigate to="/" replace /> : <LoginPage />} />
        <Route path="/" element={session ? <DashboardPage session={session} /> : <Navigate to="/login" replace />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
    </Suspense>
  )
}
