import { Download } from 'lucide-react'
import { useState } from 'react'

import { errorSentence } from '../../../api/errors.js'
import { saveFile } from '../../../api/saveFile.js'
import { useAuth } from '../../../contexts/AuthContext.jsx'
import { Button } from '../../ui/Button.jsx'

const FILES = [
  { name: /** @type {const} */ ('report.html'), ending: '.html', text: 'Report as HTML' },
  { name: /** @type {const} */ ('trades.csv'), ending: '-trades.csv', text: 'Trades as CSV' },
]

/** A link would not carry the token: the file is fetched and then saved. @param {{ id: string }} props */
export function Downloads({ id }) {
  const { api } = useAuth()
  const [outcome, setOutcome] = useState('')

  /** @param {(typeof FILES)[number]} file */
  async function download({ name, ending }) {
    setOutcome('')
    try {
      saveFile(await api.backtestFile(id, name), `backtest-${id}${ending}`)
      setOutcome('Saved.')
    } catch (error) {
      setOutcome(errorSentence(error))
    }
  }
  return (
    <>
      {FILES.map((file) => (
        <Button key={file.name} onClick={() => void download(file)}>
          <Download aria-hidden="true" className="size-3.5" />
          {file.text}
        </Button>
      ))}
      <p role="status" className="text-xs text-muted empty:hidden">
        {outcome}
      </p>
    </>
  )
}
